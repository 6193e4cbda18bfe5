using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using AtomProNet.Files;
using AtomProNet.Structures;

namespace AtomProNet.Vasp.Inputs;

/// <summary>
/// The potential of one element from the user's own library. VASP's potentials are licensed: the bytes go into the user's POTCAR and
/// nowhere else; records hold the title and a hash. Immutable.
/// </summary>
public sealed class PotcarDataset
{
    private readonly byte[] content;

    private PotcarDataset(string path, byte[] content, string title, Element element, double? enmax, string? exchangeCorrelation)
    {
        Path = path;
        this.content = content;
        Title = title;
        Element = element;
        Enmax = enmax;
        ExchangeCorrelation = exchangeCorrelation;
        Sha256 = Convert.ToHexString(SHA256.HashData(content)).ToLowerInvariant();
    }

    /// <summary>The file it was read from.</summary>
    public string Path { get; }

    /// <summary>What stands behind TITEL, such as <c>PAW_PBE Al_pv 04Jan2001</c>.</summary>
    public string Title { get; }

    /// <summary>The element, by TITEL.</summary>
    public Element Element { get; }

    /// <summary>The name of the variant by TITEL, such as <c>Al_pv</c>.</summary>
    public string Variant => Title.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) is [_, var second, ..] ? second : Title;

    /// <summary>The cut-off that the potential was made for, eV; null where the file does not tell.</summary>
    public double? Enmax { get; }

    /// <summary>LEXCH, such as <c>PE</c> (PBE) or <c>CA</c> (LDA); null where the file does not tell.</summary>
    public string? ExchangeCorrelation { get; }

    /// <summary>SHA-256 of the text, lower-case hex.</summary>
    public string Sha256 { get; }

    /// <summary>Reads a file, plain or gzip.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="AtomProNetException">The file is no potential, holds several, or ends early.</exception>
    public static PotcarDataset Read(string path)
    {
        byte[] bytes;
        try
        {
            using FileStream file = SharedFile.OpenRead(path);
            using Stream stream = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionMode.Decompress) : file;
            using var memory = new MemoryStream();
            stream.CopyTo(memory);
            bytes = WithLineFeeds(memory.ToArray());
        }
        catch (InvalidDataException e)
        {
            throw Wrong("PotcarDamaged", "The compressed file is damaged.", path, inner: e);
        }

        return Parse(bytes, path);
    }

    /// <summary>Adds the potential to a POTCAR.</summary>
    public void CopyTo(Stream potcar)
    {
        potcar.Write(content);
        if (content.Length > 0 && content[^1] != '\n')
        {
            potcar.WriteByte((byte)'\n');
        }
    }

    /// <summary>The title.</summary>
    public override string ToString() => Title;

    /// <summary>Libraries that went through Windows have its line ends; what is written is the same as from any other copy, and so is its hash.</summary>
    private static byte[] WithLineFeeds(byte[] bytes) =>
        bytes.AsSpan().IndexOf("\r\n"u8) < 0 ? bytes : Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(bytes).Replace("\r\n", "\n", StringComparison.Ordinal));

    private static PotcarDataset Parse(byte[] bytes, string path)
    {
        // The header is text of some kilobytes, the rest numbers; only lines with these words are looked at.
        string? title = null, valence = null, exchange = null;
        double? enmax = null;
        int titles = 0;
        ReadOnlySpan<byte> rest = bytes;
        bool ended = false;
        while (!rest.IsEmpty)
        {
            int end = rest.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
            if (line.IndexOf("TITEL"u8) >= 0)
            {
                titles++;
                title ??= After(line, "TITEL");
            }
            else if (valence is null && line.IndexOf("VRHFIN"u8) >= 0)
            {
                valence = After(line, "VRHFIN");
            }
            else if (exchange is null && line.IndexOf("LEXCH"u8) >= 0)
            {
                exchange = After(line, "LEXCH");
            }
            else if (enmax is null && line.IndexOf("ENMAX"u8) >= 0)
            {
                string text = (After(line, "ENMAX") ?? "").Split(';')[0].Trim();
                enmax = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value > 0 ? value : null;
            }
            else if (line.IndexOf("End of Dataset"u8) >= 0)
            {
                ended = true;
            }
        }

        if (title is null)
        {
            throw Wrong("PotcarTitleMissing", "The file has no TITEL: it is no POTCAR of VASP.", path);
        }

        if (titles > 1)
        {
            throw Wrong("PotcarHoldsSeveral", $"The file holds {titles} potentials; one for each element is needed.", path, "Point -PotcarPath at a library with one file for each element.");
        }

        if (!ended)
        {
            throw Wrong("PotcarTruncated", "The potential ends early: 'End of Dataset' is missing.", path, "Copy it again from the library.");
        }

        Element element = ElementOf(title) ?? ElementOfValence(valence) ?? throw Wrong("PotcarElementUnknown", $"The title '{title}' names no element.", path);
        return new(path, bytes, title, element, enmax, exchange);
    }

    /// <summary>The element of a title: the second word, cut at <c>_ / .</c> and digits (Al_pv, H1.25, O/hash); X is xenon.</summary>
    internal static Element? ElementOf(string title)
    {
        string[] words = title.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 2)
        {
            return null;
        }

        int end = words[1].AsSpan().IndexOfAny("_/.0123456789");
        string symbol = end < 0 ? words[1] : words[1][..end];
        return Element.TryFromSymbol(symbol == "X" ? "Xe" : symbol, out Element? element) ? element : null;
    }

    private static Element? ElementOfValence(string? valence) =>
        valence is not null && Element.TryFromSymbol(valence.Split(':')[0].Trim(), out Element? element) ? element : null;

    private static string? After(ReadOnlySpan<byte> line, string key)
    {
        string text = Encoding.Latin1.GetString(line);
        int equals = text.IndexOf('=', text.IndexOf(key, StringComparison.Ordinal));
        return equals < 0 ? null : text[(equals + 1)..].Trim();
    }

    private static AtomProNetException Wrong(string errorId, string problem, string path, string? remedy = null, Exception? inner = null) =>
        new(ErrorKind.InvalidData, errorId, problem, path, remedy: remedy, inner: inner);
}
