using AtomProNet.Jobs.Hosts;
using AtomProNet.Jobs.Store;
using AtomProNet.Shell;

namespace AtomProNet.Jobs.Clusters;

/// <summary>Where a cluster's jobs lie: made, private to the user, and known as an absolute path.</summary>
internal static class WorkDirectory
{
    /// <summary>The command that makes the directory where it is not there, and prints its absolute path.</summary>
    public static string Command(string directory)
    {
        string path;
        string prepare = "";
        if (directory is "~" || directory.StartsWith("~/", StringComparison.Ordinal))
        {
            path = "\"$HOME\"" + PosixShell.Quote(directory[1..]);
        }
        else if (directory.StartsWith('$'))
        {
            int slash = directory.IndexOf('/', StringComparison.Ordinal);
            string variable = slash < 0 ? directory[1..] : directory[1..slash];
            // Batch of commands over ssh get no login shell, which is where sites set such variables.
            prepare = $"if [ -z \"${{{variable}-}}\" ]; then {variable}=$(\"${{SHELL:-bash}}\" -lc 'printf \"\\n%s\" \"${variable}\"' </dev/null 2>/dev/null | tail -n 1); fi\n"
                + $"[ -n \"${{{variable}-}}\" ] || {{ echo 'the variable {variable} is not set on the cluster' >&2; exit 1; }}\n";
            path = $"\"${variable}\"" + (slash < 0 ? "" : PosixShell.Quote(directory[slash..]));
        }
        else
        {
            path = PosixShell.Quote(directory);
        }

        return $"{prepare}d={path}\n[ -d \"$d\" ] || (umask 077 && mkdir -p -- \"$d\") || exit 1\ncd -- \"$d\" || exit 1\npwd\n";
    }

    /// <summary>The directory as the profile has it, or the default.</summary>
    public static string Of(ClusterProfile profile) => profile.WorkDirectory
        ?? (profile.SshHost is null ? Path.Combine(Files.UserDirectory.Path, "jobs") : "~/atompronet");

    /// <summary>Finds it out, from the store where it was found out before.</summary>
    /// <exception cref="AtomProNetException">The host was not reached, or the directory cannot be made.</exception>
    public static async Task<string> ResolveAsync(ClusterProfile profile, IHost host, JobStore store, CancellationToken cancellation)
    {
        string wanted = Of(profile);
        string? known = store.Read(t => t.Query("SELECT resolved FROM place WHERE cluster = ?1 AND work_directory = ?2", r => r.Text(0), profile.Name, wanted + "@" + profile.Location).FirstOrDefault());
        if (known is not null)
        {
            return known;
        }

        HostAnswer answer = await host.RunAsync(Command(wanted), cancellation).ConfigureAwait(false);
        string path = Read(answer, wanted);
        store.Write(t => t.Execute("INSERT INTO place (cluster, work_directory, resolved) VALUES (?1, ?2, ?3) ON CONFLICT (cluster) DO UPDATE SET work_directory = ?2, resolved = ?3", profile.Name, wanted + "@" + profile.Location, path));
        return path;
    }

    /// <summary>Reads what <see cref="Command"/> answered.</summary>
    /// <exception cref="AtomProNetException">The host was not reached, or the directory cannot be made.</exception>
    public static string Read(HostAnswer answer, string wanted)
    {
        if (answer.Failure is { } failure)
        {
            throw failure.ToException();
        }

        // The path may hold anything but a line feed at its end, which pwd adds.
        string path = answer.Output.EndsWith('\n') ? answer.Output[..^1] : answer.Output;
        return answer.IsSuccess && path.StartsWith('/')
            ? path
            : throw new AtomProNetException(ErrorKind.PermissionDenied, "WorkDirectoryNotUsable", $"The work directory on the cluster cannot be made or entered ({answer.Describe()}).", value: wanted, remedy: "Register the cluster again with another -WorkDirectory (-Force), or mend the rights of this one.");
    }
}
