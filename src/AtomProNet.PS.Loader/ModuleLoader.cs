using System.Management.Automation;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace AtomProNet.PS.Loader;

/// <summary>
/// Runs when the module is imported, before its cmdlets are looked at: from then on the library AtomProNet, and whatever it
/// needs, is loaded from Dependencies/ into a context of its own, so that neither another version in the session nor our copy
/// can get in the other's way.
/// </summary>
/// <remarks>
/// Nothing is undone when the module is removed: an assembly that was loaded stays, other runspaces of the process may go on
/// using it, and the handler answers for one name alone.
/// </remarks>
public sealed class ModuleLoader : IModuleAssemblyInitializer
{
    private const string Library = "AtomProNet";

    /// <summary>One for the process, since assemblies are the process's: each runspace that imports the module gets the same.</summary>
    private static readonly Lazy<DependencyContext> Context = new(() =>
    {
        var folder = Path.Combine(Path.GetDirectoryName(typeof(ModuleLoader).Assembly.Location)!, "Dependencies");
        var context = new DependencyContext(folder);
        AssemblyLoadContext.Default.Resolving += (_, name) => name.Name == Library ? context.LoadFromAssemblyName(name) : null;

        // PowerShell looks for types in the default context alone. What is loaded here holds no type, but forwards the name of each public
        // one to the library, so that scripts can say [AtomProNet.Structures.Structure]; nothing of it costs time before it is asked for.
        AssemblyLoadContext.Default.LoadFromAssemblyPath(Path.Combine(Path.GetDirectoryName(folder)!, "AtomProNet.PS.TypeNames.dll"));
        return context;
    });

    /// <inheritdoc/>
    public void OnImport() => _ = Context.Value;

    /// <summary>Finds managed and native libraries in one folder, and leaves everything else to the default context.</summary>
    private sealed class DependencyContext(string folder) : AssemblyLoadContext(Library)
    {
        protected override Assembly? Load(AssemblyName assemblyName)
        {
            var file = Path.Combine(folder, assemblyName.Name + ".dll");
            return File.Exists(file) ? LoadFromAssemblyPath(file) : null;
        }

        protected override IntPtr LoadUnmanagedDll(string unmanagedDllName)
        {
            foreach (var platform in Platforms())
            {
                var native = Path.Combine(folder, "runtimes", platform, "native");
                foreach (var name in FileNames(unmanagedDllName))
                {
                    var file = Path.Combine(native, name);
                    if (File.Exists(file))
                    {
                        return LoadUnmanagedDllFromPath(file);
                    }
                }
            }

            return IntPtr.Zero;
        }

        /// <summary>The names that this platform goes by, such as linux-musl-x64.</summary>
        private static IEnumerable<string> Platforms()
        {
            var system = OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux";
            var runtime = RuntimeInformation.RuntimeIdentifier;
            if (runtime.Contains("musl", StringComparison.Ordinal) || runtime.StartsWith("alpine", StringComparison.Ordinal))
            {
                system = "linux-musl";
            }

            // PowerShell itself may run under emulation: the process decides, not the machine.
            return [runtime, $"{system}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}"];
        }

        private static IEnumerable<string> FileNames(string name)
        {
            var ending = OperatingSystem.IsWindows() ? ".dll" : OperatingSystem.IsMacOS() ? ".dylib" : ".so";
            return [name, name + ending, "lib" + name + ending];
        }
    }
}
