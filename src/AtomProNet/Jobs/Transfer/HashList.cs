using System.Text;

namespace AtomProNet.Jobs.Transfer;

/// <summary>Hashes as <c>sha256sum</c> (GNU, BusyBox) and <c>shasum</c> (Perl, macOS) print them.</summary>
internal static class HashList
{
    /// <summary>The exit code of a script on a host without such a program.</summary>
    internal const int NoProgram = 71;

    /// <summary>Lines for the shell that set <c>$h</c> to the program.</summary>
    internal static string Prologue => $"if command -v sha256sum >/dev/null 2>&1; then h=sha256sum; elif command -v shasum >/dev/null 2>&1; then h='shasum -a 256'; else exit {NoProgram}; fi\n";

    /// <summary>Reads the lines: 64 digits, a blank, a blank or star, the name. A line that begins with a backslash has its name's backslashes and line breaks escaped.</summary>
    /// <param name="text">The lines.</param>
    /// <returns>Hash by path, without a leading <c>./</c>.</returns>
    internal static Dictionary<string, string> Read(ReadOnlySpan<byte> text)
    {
        var hashes = new Dictionary<string, string>(StringComparer.Ordinal);
        while (text.Length > 0)
        {
            int end = text.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = end < 0 ? text : text[..end];
            text = end < 0 ? default : text[(end + 1)..];
            bool isEscaped = line.Length > 0 && line[0] == (byte)'\\';
            if (isEscaped)
            {
                line = line[1..];
            }

            if (line.Length < 67 || line[64] != (byte)' ')
            {
                continue;
            }

            string hash = Encoding.ASCII.GetString(line[..64]).ToLowerInvariant();
            string name = Encoding.UTF8.GetString(line[66..]);
            if (isEscaped)
            {
                name = Unescape(name);
            }

            if (hash.All(char.IsAsciiHexDigit))
            {
                hashes[name.StartsWith("./", StringComparison.Ordinal) ? name[2..] : name] = hash;
            }
        }

        return hashes;
    }

    private static string Unescape(string name)
    {
        var text = new StringBuilder(name.Length);
        for (int i = 0; i < name.Length; i++)
        {
            if (name[i] != '\\' || i + 1 >= name.Length)
            {
                text.Append(name[i]);
                continue;
            }

            i++;
            text.Append(name[i] switch { 'n' => '\n', 'r' => '\r', char c => c });
        }

        return text.ToString();
    }
}
