using System.IO.Compression;
using System.Text;
using AtomProNet.Calculations;
using AtomProNet.QuantumEspresso.Outputs;
using AtomProNet.Structures;

namespace AtomProNet.Tests.QuantumEspresso.Outputs;

/// <summary>Outputs that were cut, damaged, packed, or joined: never an exception, never a label that is not the file's own.</summary>
public sealed class PwFaultTests
{
    public static readonly TheoryData<string> Folders = new(
        "made/al_scf_metal", "made/fe_magnetic", "made/h2o_gamma", "made/ni_noncolin_soc", "made/si_killed", "made/si_maxseconds", "made/si_md",
        "made/si_noconv", "made/si_relax", "made/si_relax_nstep_hit", "made/si_scf", "made/si_scf_highverb", "made/si_vcmd", "made/si_vcrelax", "mp-1094129");

    [Theory]
    [MemberData(nameof(Folders))]
    public void ACutAnywhereLeavesWholeFramesOnly(string folder)
    {
        byte[] whole = File.ReadAllBytes(SharedData.Path(["data", "qe", .. folder.Split('/'), "pw.out"]));
        Dictionary<int, Frame> expected = Read(whole).Frames.ToDictionary(f => f.Source!.Step);
        var random = new Random(20240501);
        for (int n = TestEffort.Of(20, 200, 10_000); n > 0; n--)
        {
            int length = random.Next(whole.Length);
            (List<Frame> frames, CalculationReport report) = Read(whole[..length]);
            AssertSame(expected, frames, $"cut at {length}");
            // Whatever was begun is a frame or has a reason.
            Assert.Equal(report.IonicStepCount, frames.Count + report.LeftOut.Where(l => l.Reason != LeftOutReason.Intermediate).Select(l => l.Step).Distinct().Count());
        }
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void AFlippedByteNeverMakesAWrongLabel(string folder)
    {
        string path = SharedData.Path(["data", "qe", .. folder.Split('/'), "pw.out"]);
        byte[] whole = File.ReadAllBytes(path);
        string xmlPath = Path.Combine(Path.GetDirectoryName(path)!, "data-file-schema.xml");
        byte[]? xml = File.Exists(xmlPath) ? File.ReadAllBytes(xmlPath) : null;
        Dictionary<int, Frame> expected = Read(whole).Frames.ToDictionary(f => f.Source!.Step);
        Dictionary<int, Frame>? exact = xml is null ? null : Read(whole, xml).Frames.ToDictionary(f => f.Source!.Step);
        int[] places = Places(whole);
        var random = new Random(20240502);
        for (int n = TestEffort.Of(60, 2_000, 50_000); n > 0; n--)
        {
            // Half of the flips hit the lines that labels are made of; most of a file is bands and k-points.
            int at = n % 2 == 0 ? random.Next(whole.Length) : places[random.Next(places.Length)];
            byte[] damaged = [.. whole];
            damaged[at] = random.Next(3) switch { 0 => (byte)('0' + random.Next(10)), 1 => (byte)(damaged[at] ^ (1 << random.Next(8))), _ => (byte)random.Next(256) };
            string what = $"byte {at} from {whole[at]} to {damaged[at]}";
            // Positions are printed once; everything else twice, if with fewer digits the second time.
            AssertSame(expected, Read(damaged).Frames, what, withGeometry: false, lastDigits: true);
            if (exact is not null)
            {
                // Where a step is no longer found in the XML it keeps the digits of the output.
                AssertSame(exact, Read(damaged, xml).Frames, what + " with XML", rounded: true, lastDigits: true);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void ADamagedWordNeverPairsWhatDoesNotBelongTogether(string folder)
    {
        string text = File.ReadAllText(SharedData.Path(["data", "qe", .. folder.Split('/'), "pw.out"]), Encoding.Latin1);
        Dictionary<int, Frame> expected = Read(Encoding.Latin1.GetBytes(text)).Frames.ToDictionary(f => f.Source!.Step);
        AssertWordsMatter(text, expected, ["ATOMIC_POSITIONS", "CELL_PARAMETERS", "angstrom)", "crystal)", "new unit-cell volume", "Self-consistent Calculation", "iteration #", "!    total energy", "Forces acting on atoms", "Total force", "total   stress", "Computing stress", "convergence has been achieved", "convergence NOT achieved", "Final scf calculation", "site n.", "crystal axes", "number of atoms", "Begin final coordinates", "Program PWSCF", "highest occupied"]);
    }

    [Fact]
    public void ADamagedWordNeverMakesAnEnergyWithoutExactExchangeALabel()
    {
        foreach (string name in new[] { "PW/EXX_example/reference/o2.pbe0.1nlcc.out-80.gz", "TDDFPT/example04/reference/CH4.scf.out.gz" })
        {
            (_, string text) = DebianReferenceOutputs.All.Single(f => f.Path.EndsWith(name, StringComparison.Ordinal));
            Dictionary<int, Frame> expected = Read(Encoding.Latin1.GetBytes(text)).Frames.ToDictionary(f => f.Source!.Step);
            Assert.Single(expected);
            AssertWordsMatter(text, expected, ["EXX: now go back", "EXX self-consistency reached", "!!   total energy", "!    total energy", "convergence has been achieved", "Self-consistent Calculation", "EXX-fraction"]);
        }
    }

    [Theory]
    [InlineData("made/si_scf")]
    [InlineData("made/si_relax")]
    [InlineData("made/si_md")]
    [InlineData("made/si_vcrelax")]
    [InlineData("made/al_scf_metal")]
    public void ADamagedXmlNeverMakesAWrongLabel(string folder)
    {
        byte[] whole = File.ReadAllBytes(SharedData.Path(["data", "qe", .. folder.Split('/'), "pw.out"]));
        byte[] xml = File.ReadAllBytes(SharedData.Path(["data", "qe", .. folder.Split('/'), "data-file-schema.xml"]));
        Dictionary<int, Frame> expected = Read(whole).Frames.ToDictionary(f => f.Source!.Step);
        var random = new Random(20240503);
        for (int n = TestEffort.Of(60, 2_000, 50_000); n > 0; n--)
        {
            byte[] damaged = n % 3 == 0 ? xml[..random.Next(xml.Length)] : [.. xml];
            if (n % 3 != 0)
            {
                damaged[random.Next(damaged.Length)] = random.Next(2) == 0 ? (byte)('0' + random.Next(10)) : (byte)random.Next(256);
            }

            // With or without digits from the XML: within the rounding of the output.
            AssertSame(expected, Read(whole, damaged).Frames, "a damaged XML", rounded: true);
            using var alone = PwXmlReader.FromStream(new MemoryStream(damaged), "damaged.xml");
            _ = alone.ReadFrames(TestContext.Current.CancellationToken).Count();
        }
    }

    [Theory]
    [InlineData("si_scf")]
    [InlineData("si_relax")]
    [InlineData("si_md")]
    [InlineData("si_vcrelax")]
    [InlineData("si_vcmd")]
    [InlineData("al_scf_metal")]
    public void AnXmlThatIsAllThatIsLeftGivesNoWrongLabelThatItCouldTell(string folder)
    {
        byte[] xml = File.ReadAllBytes(SharedData.Path("data", "qe", "made", folder, "data-file-schema.xml"));
        (List<Frame> frames, CalculationReport whole) = ReadXml(xml);
        Dictionary<int, Frame> expected = frames.ToDictionary(f => f.Source!.Step);
        Assert.NotEmpty(expected);
        Assert.Empty(whole.LeftOut);
        // The file has sixteen digits of what pw.out prints with eight.
        AssertSame(expected, Read(File.ReadAllBytes(SharedData.Path("data", "qe", "made", folder, "pw.out")), xml).Frames.Select(f => f with { Stress = expected[f.Source!.Step].Stress }).ToList(), "pw.out", rounded: true);

        var random = new Random(20240505);
        int[] ends = [.. Enumerable.Range(0, xml.Length).Where(i => xml.AsSpan(i).StartsWith("</step>"u8) || xml.AsSpan(i).StartsWith("</qes:espresso>"u8))];
        int[] places = [.. Enumerable.Range(0, xml.Length).Where(i => IsLabel(xml, i))];
        for (int n = TestEffort.Of(100, 3_000, 100_000); n > 0; n--)
        {
            int cut = random.Next(xml.Length);
            (List<Frame> before, CalculationReport report) = ReadXml(xml[..cut]);
            AssertSame(expected, WithStressOf(expected, before), $"cut at {cut}");
            Assert.Equal(ends.Count(e => e < cut - 6 && xml.AsSpan(e).StartsWith("</step>"u8)), before.Count);
            Assert.True(report.Findings.Any(f => f.Code == "XmlCutOff") || report.Errors.Any(e => e.ErrorId == "NotPwXml"), $"cut at {cut}");

            int at = n % 2 == 0 ? random.Next(xml.Length) : places[random.Next(places.Length)];
            byte[] damaged = [.. xml];
            damaged[at] = random.Next(2) == 0 ? (byte)('0' + random.Next(10)) : (byte)random.Next(256);
            (List<Frame> left, CalculationReport told) = ReadXml(damaged);
            Assert.True(left.Count + told.LeftOut.Count >= expected.Count || told.Errors.Count + told.Findings.Count > 0, $"byte {at}: a frame went without a word");
            bool last = folder is "si_relax" or "si_vcrelax";
            foreach (Frame frame in left.Where(f => f.Convergence.IsTrusted))
            {
                // Energies, the diagonal of the stress and positions behind the first step stand there once.
                Frame own = expected[frame.Source!.Step];
                string what = $"byte {at}, step {frame.Source.Step}";
                Assert.True(frame.Forces is null || Enumerable.Range(0, own.Structure.AtomCount).All(i => (frame.Forces.Value[i] - own.Forces!.Value[i]).Length < 2e-7), what);
                Assert.True(frame.Stress is null || Math.Abs(frame.Stress.Value.XY - own.Stress!.Value.XY) < 1e-9, what);
                Assert.True(frame.Source.Step > 1 || SameGeometry(own.Structure, frame.Structure, rounded: true), what);
                Assert.True(folder != "si_relax" || frame.Source.Step < 6 || frame.FreeEnergy == own.FreeEnergy, what);
            }
        }
    }

    [Fact]
    public void LineEndsPackingAndASecondRunMakeNoDifferenceToAnXml()
    {
        foreach (string folder in new[] { "si_scf", "si_relax", "si_vcmd" })
        {
            byte[] xml = File.ReadAllBytes(SharedData.Path("data", "qe", "made", folder, "data-file-schema.xml"));
            Dictionary<int, Frame> expected = ReadXml(xml).Frames.ToDictionary(f => f.Source!.Step);
            byte[] windows = Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(xml).Replace("\n", "\r\n", StringComparison.Ordinal));
            using var packed = new MemoryStream();
            using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            {
                gzip.Write(xml);
            }

            foreach (byte[] variant in new[] { windows, packed.ToArray() })
            {
                (List<Frame> same, CalculationReport report) = ReadXml(variant);
                Assert.Equal(expected.Count, same.Count);
                AssertSame(expected, same, "another form");
                Assert.Empty(report.LeftOut);
            }

            AssertSame(expected, WithStressOf(expected, ReadXml(packed.ToArray()[..(int)(packed.Length / 2)]).Frames), "half of a packed file");

            // pw.x writes the file anew each time; joined by hand, the second is no XML behind the first.
            (List<Frame> joined, CalculationReport told) = ReadXml([.. xml, .. xml]);
            AssertSame(expected, WithStressOf(expected, joined), "two runs");
            Assert.Contains(told.Findings, f => f.Code == "XmlCutOff");
        }
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void LineEndsAndPackingMakeNoDifference(string folder)
    {
        byte[] whole = File.ReadAllBytes(SharedData.Path(["data", "qe", .. folder.Split('/'), "pw.out"]));
        (List<Frame> frames, CalculationReport report) = Read(whole);
        Dictionary<int, Frame> expected = frames.ToDictionary(f => f.Source!.Step);
        byte[] windows = Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(whole).Replace("\n", "\r\n", StringComparison.Ordinal));
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(whole);
        }

        foreach (byte[] variant in new[] { windows, packed.ToArray() })
        {
            (List<Frame> same, CalculationReport sameReport) = Read(variant);
            Assert.Equal(frames.Count, same.Count);
            AssertSame(expected, same, "another form");
            Assert.Equal(report.LeftOut.Select(l => (l.Step, l.Code)), sameReport.LeftOut.Select(l => (l.Step, l.Code)));
        }

        // A packed file that was cut gives what stands before the cut.
        byte[] half = packed.ToArray()[..(int)(packed.Length / 2)];
        AssertSame(expected, Read(half).Frames, "half of a packed file");
    }

    [Fact]
    public void TwoRunsInOneFileAreReadOneAfterTheOther()
    {
        byte[] first = File.ReadAllBytes(SharedData.Path("data", "qe", "made", "si_killed", "pw.out"));
        byte[] second = File.ReadAllBytes(SharedData.Path("data", "qe", "made", "al_scf_metal", "pw.out"));
        byte[] third = File.ReadAllBytes(SharedData.Path("data", "qe", "made", "si_vcrelax", "pw.out"));
        List<Frame> alone = [.. Read(first).Frames, .. Read(second).Frames, .. Read(third).Frames];
        (List<Frame> joined, CalculationReport report) = Read([.. first, .. second, .. third]);

        Assert.Equal(alone.Count, joined.Count);
        foreach ((Frame a, Frame b) in alone.Zip(joined))
        {
            Assert.Equal(a.Structure, b.Structure);
            Assert.Equal(a.FreeEnergy, b.FreeEnergy);
            Assert.Equal(a.Forces!.Value.AsEnumerable(), b.Forces!.Value.AsEnumerable());
            Assert.Equal(a.Method, b.Method);
            Assert.Equal(a.BasisLattice, b.BasisLattice);
        }

        // The cut step of the first counts, so that every step of the file has a number of its own.
        Assert.Equal(joined.Count, joined.Select(f => f.Source!.Step).Distinct().Count());
        Assert.Equal(34, Assert.Single(report.LeftOut).Step);
        Assert.Equal(35, joined[33].Source!.Step);
        Assert.True(report.IsFinished);
    }

    [Fact]
    public void AnXmlOfAnotherRunIsNotUsed()
    {
        byte[] output = File.ReadAllBytes(SharedData.Path("data", "qe", "made", "si_md", "pw.out"));
        byte[] xml = File.ReadAllBytes(SharedData.Path("data", "qe", "made", "si_vcrelax", "data-file-schema.xml"));
        (List<Frame> frames, CalculationReport report) = Read(output, xml);

        AssertSame(Read(output).Frames.ToDictionary(f => f.Source!.Step), frames, "a foreign XML");
        Assert.True(frames.Count > 0 || report.LeftOut.All(l => l.Code == "XmlDisagrees"));
    }

    [Fact]
    public void WhatIsNoOutputIsSaidSo()
    {
        foreach (byte[] bytes in new[] { [], "hello\nworld\n"u8.ToArray(), new byte[70_000] })
        {
            (List<Frame> frames, CalculationReport report) = Read(bytes);
            Assert.Empty(frames);
            Assert.Equal("NotPwOutput", Assert.Single(report.Errors).ErrorId);
        }
    }

    private static void AssertWordsMatter(string text, Dictionary<int, Frame> expected, string[] words)
    {
        var random = new Random(20240504);
        foreach (string word in words)
        {
            int[] occurrences = [.. Enumerable.Range(0, text.Length - word.Length).Where(i => text[i] == word[0] && string.CompareOrdinal(text, i, word, 0, word.Length) == 0)];
            random.Shuffle(occurrences);
            foreach (int at in occurrences.Take(TestEffort.Of(3, 40, 1000)))
            {
                byte[] damaged = Encoding.Latin1.GetBytes(text);
                damaged[at + random.Next(word.Length)] = (byte)'~';
                // The last SCF of a vc-relax has its geometry in a summary, too, with fewer digits.
                AssertSame(expected, Read(damaged).Frames, $"a damaged '{word}' at {at}", rounded: true);
            }
        }
    }

    /// <summary>The bytes of lines that hold a number that becomes a label, and of the words around them.</summary>
    private static int[] Places(byte[] whole)
    {
        string[] marks = ["total energy", "force =", "Total force", "stress", "convergence", "Ekin", "energy   new", "contrib", "ATOMIC_POSITIONS", "CELL_PARAMETERS", "tau(", "a(1)", "celldm(1)", "unit-cell", "Self-consistent", "number of atoms"];
        var places = new List<int>();
        string text = Encoding.Latin1.GetString(whole);
        int start = 0, after = 0;
        foreach (string line in text.Split('\n'))
        {
            after = marks.Any(m => line.Contains(m, StringComparison.Ordinal)) ? 4 : after - 1;
            if (after > 0)
            {
                places.AddRange(Enumerable.Range(start, line.Length + 1).Where(p => p < whole.Length));
            }

            start += line.Length + 1;
        }

        return [.. places];
    }

    private static (List<Frame> Frames, CalculationReport Report) Read(byte[] output, byte[]? xml = null)
    {
        using var reader = PwOutputReader.FromStream(new MemoryStream(output), "test.out", xml is null ? null : new MemoryStream(xml));
        return ([.. reader.ReadFrames(TestContext.Current.CancellationToken)], reader.Report);
    }

    private static (List<Frame> Frames, CalculationReport Report) ReadXml(byte[] xml)
    {
        using var reader = PwXmlReader.FromStream(new MemoryStream(xml), "data-file-schema.xml");
        return ([.. reader.ReadFrames(TestContext.Current.CancellationToken)], reader.Report);
    }

    /// <summary>The end of a relaxation gets its stress from the output element behind it, which may have been cut off.</summary>
    private static List<Frame> WithStressOf(Dictionary<int, Frame> expected, List<Frame> frames) => [.. frames.Select(f => f.Stress is null ? f with { Stress = expected[f.Source!.Step].Stress } : f)];

    /// <summary>Whether a byte lies in a number of more than ten digits.</summary>
    private static bool IsLabel(byte[] xml, int at)
    {
        int from = at, to = at;
        while (from > 0 && (char.IsAsciiDigit((char)xml[from - 1]) || xml[from - 1] == '.'))
        {
            from--;
        }

        while (to < xml.Length && (char.IsAsciiDigit((char)xml[to]) || xml[to] == '.'))
        {
            to++;
        }

        return to - from > 10 && to > at;
    }

    private static void AssertSame(Dictionary<int, Frame> expected, List<Frame> found, string what, bool withGeometry = true, bool rounded = false, bool lastDigits = false)
    {
        foreach (Frame frame in found.Where(f => f.Convergence.IsTrusted))
        {
            // A step that was never begun, for want of a line, shifts the numbers of those behind it: then the labels tell which it is.
            Frame? same = expected.GetValueOrDefault(frame.Source!.Step);
            same = same is not null && Same(same, frame, withGeometry, rounded, lastDigits) ? same : expected.Values.FirstOrDefault(e => Same(e, frame, withGeometry, rounded, lastDigits));
            Assert.True(same is not null, $"{what}: {frame} has a label that the file does not give it.");
        }
    }

    private static bool Same(Frame a, Frame b, bool withGeometry, bool rounded, bool lastDigits)
    {
        // A force is confirmed by the sum over the atoms being zero, a stress by two decimals in kbar.
        const double Rounding = 0.51e-8, Ry = PwTextSearch.Rydberg, Bohr = PwTextSearch.Bohr;
        double energy = rounded ? Rounding * Ry : 0;
        double force = (lastDigits ? 2 * Rounding * a.Structure.AtomCount : rounded ? Rounding : 0) * Ry / Bohr;
        double stress = (lastDigits ? 4e-8 : rounded ? 2 * Rounding : 0) * Ry / (Bohr * Bohr * Bohr);
        return Math.Abs(a.FreeEnergy!.Value - b.FreeEnergy!.Value) <= energy
            && a.Forces.HasValue == b.Forces.HasValue
            && (a.Forces is not { } forces || Enumerable.Range(0, 3 * forces.Length).All(i => Math.Abs(forces[i / 3][i % 3] - b.Forces!.Value[i / 3][i % 3]) <= force))
            && a.Stress.HasValue == b.Stress.HasValue
            && (a.Stress is not { } tensor || tensor.ToVoigt().Zip(b.Stress!.Value.ToVoigt()).All(p => Math.Abs(p.First - p.Second) <= stress))
            && (!withGeometry || SameGeometry(a.Structure, b.Structure, rounded));
    }

    private static bool SameGeometry(Structure a, Structure b, bool rounded)
    {
        double tolerance = rounded ? 2e-5 : 0;
        return a.Species.SequenceEqual(b.Species)
            && a.Lattice!.Rows.ToRowMajor().Zip(b.Lattice!.Rows.ToRowMajor()).All(p => Math.Abs(p.First - p.Second) <= tolerance)
            && a.CartesianPositions.Zip(b.CartesianPositions).All(p => (p.First - p.Second).Length <= 2 * tolerance);
    }
}
