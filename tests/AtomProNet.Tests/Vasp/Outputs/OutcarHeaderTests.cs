using System.Text;
using AtomProNet.Structures;
using AtomProNet.Vasp.Outputs;

namespace AtomProNet.Tests.Vasp.Outputs;

/// <summary>A header of which most lines are passed over tells what one tells that is read line by line, whatever byte of it is another.</summary>
public sealed class OutcarHeaderTests
{
    // Lines that a header may hold anywhere, with what makes them count in odd places.
    private static readonly string[] Lines =
    [
        " INCAR:", " POTCAR:    PAW_PBE O 08Apr2002", "   ENCUT =   350.0 eV; NELM = 7", "   generate k-points for:    4    4    4", "Shift w.r.t. Gamma in fractional coordinates:  0.5  0.5  0.5", "  0.5  0.5  0.5",
        "   ions per type =               2   2", "   1   2   3", "   number of dos      NEDOS =    301   number of ions     NIONS =      4", " Found      8 irreducible k-points:", " running   64 mpi-ranks, with    2 threads/rank",
        "   LEXCH  = PE", "   LEXCH   =     8", "   GGA     =    PS    GGA type", "   TITEL  = PAW_PBE Al 04Jan2001", "   TITEL", "   VRHFIN", "   VRHFIN =Al: s2p1", "   ENMAX  =  999.000; ENMIN  =  180.225 eV", "", "   1 = 2; ISPIN = 2", "=", ";ISPIN=2",
        "                                                                                         ISPIN  =      2", " angular momentum for each species LDAUL =     2    -1", " LDA+U is selected, type is set to LDAUTYPE =  2", "  IVDW =  12", "ISPIN = 2\r",
    ];

    public static TheoryData<string> Dialects => new(Enum.GetNames<OutcarDialect>());

    [Theory]
    [MemberData(nameof(Dialects))]
    public void LinesThatArePassedOverTellNothing(string dialect)
    {
        var random = new Random(7);
        string text = (SyntheticRuns.Relaxation(3, 1) with { Dialect = Enum.Parse<OutcarDialect>(dialect) }).ToText();
        int changed = 0;
        for (int i = 0; i < TestEffort.Of(400, 20_000, 500_000); i++)
        {
            string other = i == 0 ? text : Changed(text, random);
            if (Told(other) is { } told)
            {
                Assert.Equal(LineByLine(other), told);
                changed += told != Told(text) ? 1 : 0;
            }
        }

        Assert.True(changed > 50, "The changes changed nothing.");
    }

    [Fact]
    public void RealHeadersTellTheSame()
    {
        foreach (string folder in (string[])["strain/strain_0.0000", "relaxation"])
        {
            string text = Encoding.Latin1.GetString(File.ReadAllBytes(SharedData.Path(["data", "vasp", .. folder.Split('/'), "OUTCAR"])));
            string told = Told(text)!;
            Assert.Contains("ENCUT=", told, StringComparison.Ordinal);
            Assert.Equal(LineByLine(text), told);
        }
    }

    /// <summary>One byte of the header is another one, or a line more stands in it.</summary>
    private static string Changed(string text, Random random)
    {
        int header = Steps(text), at = random.Next(1, header);
        if (random.Next(2) == 0)
        {
            return text.Remove(at, 1).Insert(at, "=; \n0T\r*"[random.Next(8)].ToString());
        }

        at = text.LastIndexOf('\n', at) + 1;
        string more = string.Concat(Enumerable.Range(0, random.Next(1, 4)).Select(_ => new string(' ', random.Next(80)) + Lines[random.Next(Lines.Length)] + "\n"));
        return text.Insert(at, more);
    }

    // Where the line of the first electronic step begins.
    private static int Steps(string text) => text.LastIndexOf('\n', text.IndexOf(" Iteration ", StringComparison.Ordinal)) + 1;

    private static string? Told(string text)
    {
        using var reader = new OutcarReader(new MemoryStream(Encoding.Latin1.GetBytes(text)), "/synthetic/OUTCAR");
        _ = reader.ReadFrames(TestContext.Current.CancellationToken).Count();
        return reader.Header is { } header ? ToText(header) : null;
    }

    private static string LineByLine(string text)
    {
        var header = new OutcarHeader();
        string[] lines = text[..Steps(text)].Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            byte[] line = Encoding.Latin1.GetBytes(lines[i].EndsWith('\r') ? lines[i][..^1] : lines[i]);
            ReadOnlySpan<byte> trimmed = line.AsSpan().TrimStart((byte)' ');
            if (trimmed.StartsWith("vasp."u8) && trimmed.Length == line.Length - 1 && trimmed.Length > 5 && char.IsAsciiDigit((char)trimmed[5]))
            {
                continue;
            }

            if (trimmed.Length > 0)
            {
                header.Take(trimmed, i + 1);
            }

            // A line of its own that names it is a heading of the steps, too.
            if (trimmed.StartsWith("IVDW "u8))
            {
                header.Settings.Print("IVDW", trimmed[(trimmed.IndexOf((byte)'=') + 1)..].Trim((byte)' '));
            }
        }

        header.Resolve(_ => { });
        return ToText(header);
    }

    private static string ToText(OutcarHeader header)
    {
        VaspSettings settings = header.Settings;
        string[] tags = [.. OutcarHeader.KnownTags, "LEXCH", "GGA", "LDAUTYPE", "LDAUL", "LDAUU", "LDAUJ", "SYSTEM", "TIME"];
        return string.Join('\n', tags.Select(t => $"{t}={settings.Text(t)}").Append(FormattableString.Invariant(
            $"{settings.CoreCount} {settings.KPointMesh} {settings.KPointShift} {settings.IrreducibleKPoints} {settings.PotentialFunctional} {header.PotentialCutoff} {header.PrintedIonCount} {header.IonCount} {header.Error?.ErrorId} {header.Error?.Line} {string.Join(",", header.Species.Select(e => e.Symbol))} {string.Join(",", header.Types.Select(t => t.ToString()))}")));
    }
}
