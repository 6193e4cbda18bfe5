using System.Globalization;
using System.Text;
using AtomProNet.Jobs.Hosts;
using AtomProNet.Shell;

namespace AtomProNet.Jobs.Transfer;

/// <summary>What lies in folders of a host: type, size and time of each file, in one command.</summary>
internal static class RemoteListing
{
    private const int FoldersACommand = 500;

    /// <summary>The text that lists folders below a base.</summary>
    internal static string Command(string remoteBase, IReadOnlyList<string> folders)
    {
        var text = new StringBuilder($"cd {PosixShell.Quote(remoteBase)} || exit 1\n");
        // GNU's find says all of it at once. Elsewhere the hash stands for size and time: it costs more and tells the same.
        text.Append("if find . -prune -printf '' >/dev/null 2>&1; then l() { find \"$@\" ! -type d -printf '%y %s %T@ %p\\0'; }; else\n").Append(HashList.Prologue)
            .Append("l() { find \"$@\" ! -type d ! -type f -exec sh -c 'for f; do printf \"l 0 0 %s\\000\" \"$f\"; done' sh {} + ; find \"$@\" -type f -exec sh -c 'h=$1; shift; for f; do printf \"f %s %s %s\\000\" \"$(wc -c <\"$f\" | tr -d \" \")\" \"$($h <\"$f\" | cut -c1-64)\" \"$f\"; done' sh \"$h\" {} +; }\nfi\n");
        foreach (string[] chunk in folders.Chunk(FoldersACommand))
        {
            string words = PosixShell.Join(chunk.Select(f => "./" + f));
            text.Append("set --\nfor d in ").Append(words).Append("; do if [ -d \"$d\" ]; then set -- \"$@\" \"$d\"; else printf 'missing 0 0 %s\\000' \"$d\"; fi; done\n[ $# -eq 0 ] || l \"$@\"\n");
        }

        // A file that goes away while its folder is read is no error; a folder that cannot be read shows no files, and says why.
        return text.Append("exit 0\n").ToString();
    }

    /// <summary>Reads the list.</summary>
    internal static List<RemoteFile> Read(ReadOnlySpan<byte> output)
    {
        var files = new List<RemoteFile>();
        while (output.Length > 0)
        {
            int end = output.IndexOf((byte)0);
            if (end < 0)
            {
                break;
            }

            string text = Encoding.UTF8.GetString(output[..end]);
            output = output[(end + 1)..];
            string[] parts = text.Split(' ', 4);
            if (parts.Length == 4 && parts[3].StartsWith("./", StringComparison.Ordinal))
            {
                files.Add(new(parts[3][2..], parts[0], long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out long size) ? size : 0, parts[2]));
            }
        }

        return files;
    }
}

/// <summary>One file of a host.</summary>
/// <param name="Path">Relative to the base.</param>
/// <param name="Type">As GNU's find writes it: f, l, p, s, b, c; or <c>missing</c> for a folder that is not there.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Version">Changes when the file does: its time, or its hash.</param>
internal sealed record RemoteFile(string Path, string Type, long Size, string Version);
