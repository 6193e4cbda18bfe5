using System.Runtime.CompilerServices;

namespace AtomProNet.Tests;

/// <summary>
/// The optional folder of sample data: "../shared" beside the checkout, or where ATOMPRONET_SHARED points. Tests that need it are
/// skipped by name where it is missing.
/// </summary>
internal static class SharedData
{
    /// <summary>The folder; null where there is none.</summary>
    public static string? Folder { get; } = Find();

    /// <summary>The path of something in it; skips the test where it is missing.</summary>
    public static string Path(params string[] parts)
    {
        Assert.SkipWhen(Folder is null, "The folder of sample data is missing (../shared beside the checkout, or ATOMPRONET_SHARED).");
        string path = System.IO.Path.Combine([Folder!, .. parts]);
        Assert.SkipUnless(System.IO.Path.Exists(path), $"The folder of sample data lacks {string.Join('/', parts)}.");
        return path;
    }

    private static string? Find([CallerFilePath] string thisFile = "")
    {
        string? given = Environment.GetEnvironmentVariable("ATOMPRONET_SHARED");
        string beside = System.IO.Path.GetFullPath(System.IO.Path.Combine(System.IO.Path.GetDirectoryName(thisFile)!, "..", "..", "..", "shared"));
        return Directory.Exists(given) ? System.IO.Path.GetFullPath(given) : Directory.Exists(beside) ? beside : null;
    }
}
