using System.Text;
using AtomProNet.Text;

namespace AtomProNet.Tests.Text;

/// <summary>Passing over lines gives the lines that a search through all of them gives.</summary>
public sealed class Utf8LineReaderTests
{
    private static readonly string[] Beginnings = ["---", "-- ", "--I", "vasp.", "free ", "energy  without", "energy-cutoff", "in kB", "total charge", "kin", "ML "];

    private static readonly string[] Words =
    [
        "free", "free ", "free  energy   TOTEN  =      -591.7 eV", "energy  without entropy=", "energy without entropy =", "energy-cutoff  :", "energy", "in kB  1.0 2.0", "in", "total charge", "total drift:", "kin. lattice",
        "k", "ML FORCE", "ML", "vasp.6.3.0", "vasp", "", "-", "--", "---", "-----------------------------------------------------------------", "--------- Iteration   1(   2)  ---------", "--Iteration", "-- x", "-591.7",
        "1.21211      0.15511      2.73888         0.000013      0.000688     -0.000694", "\tfree energy", "\0\0\0\0\0\0\0\0", "fré energy", "LOOP:  cpu time     49.7402: real time     50.2160",
        "ENCUT  =  400.0 eV;  NELM   =    100", "=", "number of dos      NEDOS =    301   number of ions     NIONS =     80",
    ];

    [Theory]
    [InlineData(null)]
    [InlineData('=')]
    public void NoLineThatIsWantedIsPassedOver(char? sign)
    {
        var random = new Random(5);
        var starts = new LineStarts((byte?)sign, Beginnings);
        for (int i = 0; i < TestEffort.Of(2_000, 30_000, 1_000_000); i++)
        {
            string[] lines = [.. Enumerable.Range(0, random.Next(60)).Select(_ => new string(' ', random.Next(4) == 0 ? random.Next(150) : random.Next(6)) + Words[random.Next(Words.Length)] + new string(' ', random.Next(8) == 0 ? random.Next(80) : 0))];
            string end = random.Next(3) == 0 ? "\r\n" : "\n";
            byte[] text = Encoding.UTF8.GetBytes(string.Concat(lines.Select(l => l + end)) + (random.Next(2) == 0 ? "" : "free energy without an end"));
            using var reader = new Utf8LineReader(new Pieces(text, random.Next(1, 700)));
            var found = new List<(long, string)>();
            int all = 0;
            while (reader.ReadNext(starts))
            {
                all++;
                string line = Encoding.UTF8.GetString(reader.Line);
                if (IsWanted(line, sign))
                {
                    found.Add((reader.LineNumber, line));
                }

                // A table under a heading is read line by line, and its last line may be given back.
                for (int k = random.Next(10) == 0 ? random.Next(1, 5) : 0; k > 0 && reader.Read(); k--)
                {
                    if (k == 1 && random.Next(2) == 0)
                    {
                        reader.PushBack();
                    }
                    else if (IsWanted(Encoding.UTF8.GetString(reader.Line), sign))
                    {
                        found.Add((reader.LineNumber, Encoding.UTF8.GetString(reader.Line)));
                    }
                }
            }

            Assert.Equal(lines.Select((l, k) => (k + 1L, l)).Where(l => IsWanted(l.l, sign)), found);
            Assert.Equal(lines.Length, reader.LineNumber);
            Assert.True(all <= lines.Length);
        }
    }

    [Fact]
    public void MostOtherLinesArePassedOver()
    {
        byte[] text = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 10_000).Select(i => i % 100 == 0 ? "  free energy\n" : i % 3 == 0 ? "   LOOP:  cpu time     49.7402\n" : i % 3 == 1 ? "  ---------------\n" : "\n")));
        using var reader = new Utf8LineReader(new MemoryStream(text));
        int given = 0;
        while (reader.ReadNext(new LineStarts(Beginnings)))
        {
            given++;
        }

        Assert.InRange(given, 100, System.Runtime.Intrinsics.Vector256.IsHardwareAccelerated ? 150 : 10_000);
    }

    /// <summary>Rows of a table of which nothing is wanted: the line after them is the next one, and none that is no row is passed over.</summary>
    [Fact]
    public void RowsArePassedOverUpToTheFirstLineThatIsNone()
    {
        var random = new Random(6);
        string[] others = ["", " vasp.6.3.0 and more of it", "   ------ Iteration   6(   2)  ------", "  0.200E+02 -.483E-04", "   0.200E+02 -.483E-04  ", "   free energy", "    0.200E+02 -.483E-0", "   0.200E+02 -.483E-04   0.200E+02 -.483E-04", "   0.200E+0\n  -.483E-04", "   0.200E+02 -.483E-0\n"];
        for (int i = 0; i < TestEffort.Of(2_000, 20_000, 200_000); i++)
        {
            int rows = random.Next(12), most = random.Next(14);
            // A damaged byte joins two rows or breaks one, first or last: each line counts.
            List<string> lines = [.. Enumerable.Range(0, rows).Select(k => k % 2 == 0 ? "   0.200E+02 -.483E-04" : "   -.200E+02 -.483E-04")];
            lines.Insert(random.Next(2) * rows, others[random.Next(others.Length)]);
            string joined = string.Concat(lines.Append("last").Select(l => l + "\n"));
            lines = [.. joined.TrimEnd('\n').Split('\n')];
            rows = lines.Count;
            byte[] text = Encoding.ASCII.GetBytes("heading\n" + joined);
            using var reader = new Utf8LineReader(new Pieces(text, random.Next(1, 400)));
            Assert.True(reader.Read());
            reader.PassOverRows(most);
            Assert.InRange(reader.LineNumber, 1, 1 + Math.Min(rows, most));
            int passed = (int)reader.LineNumber - 1;
            for (int k = passed; k < lines.Count; k++)
            {
                Assert.True(reader.Read());
                Assert.Equal((k + 2L, lines[k]), (reader.LineNumber, Encoding.ASCII.GetString(reader.Line)));
            }

            Assert.False(reader.Read());
        }
    }

    [Fact]
    public void RowsThatAreThereArePassedOver()
    {
        using var reader = new Utf8LineReader(new MemoryStream(Encoding.ASCII.GetBytes("heading\n" + string.Concat(Enumerable.Repeat("   0.200E+02 -.483E-04\n", 5)) + "   ----\n")));
        Assert.True(reader.Read());
        reader.PassOverRows(9);
        Assert.Equal(6, reader.LineNumber);
    }

    [Fact]
    public void BeginningsAreThreeCharactersAtLeast() => Assert.Throws<ArgumentException>(() => new LineStarts("ab"));

    // Rules of strokes alone need not be given.
    private static bool IsWanted(string line, char? sign) => (sign is { } s && line.Contains(s)) || Beginnings.Any(b => line.TrimStart(' ').StartsWith(b, StringComparison.Ordinal)) && line.Trim(' ').Trim('-').Length > 0;

    /// <summary>Gives few bytes at a time.</summary>
    private sealed class Pieces(byte[] bytes, int most) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, most));

        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, most)]);
    }
}
