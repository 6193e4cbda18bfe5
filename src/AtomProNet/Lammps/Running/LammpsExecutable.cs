using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace AtomProNet.Lammps.Running;

/// <summary>The LAMMPS on this computer. Immutable.</summary>
/// <param name="Path">Its full path.</param>
/// <param name="Arguments">What it is always started with, such as <c>-k on g 1 -sf kk</c>.</param>
internal sealed record LammpsExecutable(string Path, IReadOnlyList<string> Arguments)
{
    /// <summary>Finds a LAMMPS.</summary>
    /// <param name="given">A path, or a bare name that is looked for on PATH; null: the usual names.</param>
    /// <param name="arguments">What it is always started with.</param>
    /// <exception cref="AtomProNetException">There is none.</exception>
    internal static LammpsExecutable Find(string? given, IReadOnlyList<string>? arguments = null)
    {
        if (given is not null && given != System.IO.Path.GetFileName(given))
        {
            return File.Exists(given) ? new(System.IO.Path.GetFullPath(given), arguments ?? []) : throw Missing(given);
        }

        // Windows takes folders in quotes, too.
        IEnumerable<string> folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Select(f => OperatingSystem.IsWindows() ? f.Trim('"') : f);
        foreach (string name in Names(given, OperatingSystem.IsWindows()))
        {
            if (folders.Select(f => System.IO.Path.Combine(f, name)).FirstOrDefault(File.Exists) is { } found)
            {
                return new(found, arguments ?? []);
            }
        }

        throw Missing(given ?? "lmp");
    }

    /// <summary>The names that a LAMMPS may have on the PATH, the likeliest first.</summary>
    /// <param name="given">A bare name; null: the usual ones.</param>
    /// <param name="isWindows">There a program is asked for without its .exe.</param>
    internal static IEnumerable<string> Names(string? given, bool isWindows)
    {
        string[] plain = given is not null ? [given] : isWindows ? ["lmp", "lmp_mpi", "lmp_serial"] : ["lmp", "lmp_stable", "lmp_mpi", "lmp_serial", "lammps"];
        return isWindows ? plain.Select(n => System.IO.Path.GetExtension(n).Length > 0 ? n : n + ".exe") : plain;
    }

    /// <summary>Runs an input in a folder, to its end.</summary>
    /// <param name="folder">The folder that it runs in.</param>
    /// <param name="input">The name of the input in it.</param>
    /// <param name="log">The name of the log in it.</param>
    /// <param name="potentials">A folder where LAMMPS looks for files of potentials besides; null for none.</param>
    /// <param name="tick">Called a few times a second while it runs; null for nothing.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>Its exit code, and what it said on standard output and error.</returns>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    internal (int ExitCode, string Said) Run(string folder, string input, string log, string? potentials, Action? tick, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(Path, ["-in", input, "-log", log, "-screen", "none", "-nocite", .. Arguments])
        {
            WorkingDirectory = folder,
            CreateNoWindow = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        // Threads are the user's to ask for; without a word LAMMPS takes one and warns.
        start.Environment.TryAdd("OMP_NUM_THREADS", "1");
        if (potentials is not null && !start.Environment.ContainsKey("LAMMPS_POTENTIALS"))
        {
            start.Environment["LAMMPS_POTENTIALS"] = potentials;
        }

        using Process process = StartProcess(start);
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync(CancellationToken.None), error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        while (!process.WaitForExit(200))
        {
            if (cancellation.IsCancellationRequested)
            {
                process.Kill(entireProcessTree: true);
                process.WaitForExit();
                cancellation.ThrowIfCancellationRequested();
            }

            tick?.Invoke();
        }

        return (process.ExitCode, output.GetAwaiter().GetResult() + error.GetAwaiter().GetResult());
    }

    private Process StartProcess(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new AtomProNetException(ErrorKind.Unavailable, "LammpsNotStarted", $"LAMMPS cannot be started: {e.Message}.", Path, remedy: "Check that the file is a program that this computer can run (-Lammps).", inner: e);
        }
    }

    private static AtomProNetException Missing(string what) => new(
        ErrorKind.NotFound, "LammpsMissing", string.Create(CultureInfo.InvariantCulture, $"There is no LAMMPS."), value: what, remedy: "Install it (Debian: apt install lammps), put it on the PATH, or name it (-Lammps /path/to/lmp).");
}
