namespace AtomProNet.Vasp.Outputs;

/// <summary>Recognises VASP's output files by their names: as VASP writes them, gzipped, and as restarts number them.</summary>
public static class VaspFileNames
{
    private static readonly string[] Suffixes = ["relax", "static", "orig", "md", "scf"];

    /// <summary>Whether a file is an OUTCAR: <c>OUTCAR</c>, <c>OUTCAR.gz</c>, <c>OUTCAR.3</c>, <c>OUTCAR.relax1.gz</c>; not <c>OUTCAR.bak</c> or <c>OUTCAR.json</c>.</summary>
    public static bool IsOutcar(string fileName) => Is(fileName, "OUTCAR");

    /// <summary>Whether a file is a vasprun.xml: <c>vasprun.xml</c>, <c>vasprun.xml.gz</c>, <c>vasprun.xml.3</c>, <c>vasprun.xml.relax1.gz</c>.</summary>
    public static bool IsVasprun(string fileName) => Is(fileName, "vasprun.xml");

    private static bool Is(string fileName, string stem)
    {
        ArgumentNullException.ThrowIfNull(fileName);
        if (!fileName.StartsWith(stem, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        ReadOnlySpan<char> rest = fileName.AsSpan(stem.Length);
        if (rest.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
        {
            rest = rest[..^3];
        }

        if (rest.IsEmpty)
        {
            return true;
        }

        if (rest[0] is not ('.' or '_' or '-'))
        {
            return false;
        }

        rest = rest[1..];
        foreach (string suffix in Suffixes)
        {
            if (rest.StartsWith(suffix, StringComparison.OrdinalIgnoreCase))
            {
                return rest.Length == suffix.Length || IsNumber(rest[suffix.Length..]);
            }
        }

        return IsNumber(rest);
    }

    private static bool IsNumber(ReadOnlySpan<char> text) => text.Length is > 0 and < 6 && text.IndexOfAnyExceptInRange('0', '9') < 0;
}
