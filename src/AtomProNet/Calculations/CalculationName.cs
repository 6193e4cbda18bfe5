using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace AtomProNet.Calculations;

/// <summary>Names of calculations as names of folders that every file system, scheduler and shell takes.</summary>
public static class CalculationName
{
    /// <summary>The longest name that comes out, in UTF-8 bytes: below the 255 of file systems, and paths below Windows' 260 stay possible.</summary>
    public const int MaximumBytes = 100;

    private static readonly HashSet<string> ReservedOnWindows = new(
        ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", .. Enumerable.Range(0, 10).SelectMany(n => new[] { "COM" + n, "LPT" + n }), "COM¹", "COM²", "COM³", "LPT¹", "LPT²", "LPT³"],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether Windows has the name for a device, with whatever extension: CON, nul.txt. Case does not matter.</summary>
    public static bool IsReservedOnWindows(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return ReservedOnWindows.Contains(name.Split('.')[0].TrimEnd(' '));
    }

    /// <summary>
    /// A folder name made from any text: letters, digits and <c>. _ + - = ,</c> stay, everything else becomes an underscore. No separator,
    /// no <c>..</c>, no name that Windows reserves (<c>CON</c>, <c>aux.txt</c>), no dot or blank at the end, no dot or minus at the beginning; long
    /// names are cut and end in a hash of the whole. The same text always gives the same name.
    /// </summary>
    /// <param name="text">The name of a structure.</param>
    /// <exception cref="AtomProNetException">Nothing of the text is left.</exception>
    public static string ToFolderName(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        // The same letters can come composed or not; file systems disagree about which they keep. Halves of characters (which cannot be
        // normalised) are written out as replacement characters first.
        string composed = string.Concat(text.Trim().EnumerateRunes()).Normalize(NormalizationForm.FormC);
        var name = new StringBuilder(composed.Length);
        foreach (Rune rune in composed.EnumerateRunes())
        {
            bool kept = rune != Rune.ReplacementChar && (Rune.IsLetterOrDigit(rune) || (rune.IsAscii && (char)rune.Value is '.' or '_' or '+' or '-' or '=' or ','));
            name.Append(kept ? rune.ToString() : "_");
        }

        string result = name.ToString().TrimEnd('.');
        if (result.Length > 0 && result[0] is '.' or '-')
        {
            result = "_" + result[1..];
        }

        if (result.All(c => c is '_' or '.' or '-'))
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "NameNotUsable", "No folder can be named after this.", value: text, remedy: "Give the structure a name of letters and digits.");
        }

        if (IsReservedOnWindows(result))
        {
            result = "_" + result;
        }

        return Encoding.UTF8.GetByteCount(result) <= MaximumBytes ? result : Cut(result, text);
    }

    private static string Cut(string name, string whole)
    {
        string hash = "_" + Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(whole)))[..8].ToLower(CultureInfo.InvariantCulture);
        int bytes = 0, length = 0;
        foreach (Rune rune in name.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > MaximumBytes - hash.Length)
            {
                break;
            }

            length += rune.Utf16SequenceLength;
        }

        return name[..length] + hash;
    }
}
