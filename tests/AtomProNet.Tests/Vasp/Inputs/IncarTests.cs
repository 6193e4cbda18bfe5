using System.Globalization;
using AtomProNet.Vasp.Inputs;

namespace AtomProNet.Tests.Vasp.Inputs;

public sealed class IncarTests
{
    [Theory]
    [InlineData(true, ".TRUE.")]
    [InlineData(false, ".FALSE.")]
    [InlineData(600, "600")]
    [InlineData(1e-6, "1e-06")]
    [InlineData(0.026, "0.026")]
    [InlineData(0.026f, "0.026")]
    [InlineData(-5L, "-5")]
    [InlineData("Fast", "Fast")]
    [InlineData("t", ".TRUE.")]
    [InlineData(".F.", ".FALSE.")]
    [InlineData("3*0.6 5", "3*0.6 5")]
    [InlineData(" A ", "A")]
    [InlineData("TPSS", "TPSS")]
    [InlineData("F T F", ".FALSE. .TRUE. .FALSE.")]
    public void Values_from_a_script(object value, string text) => Assert.Equal(text, IncarValue.From(value).Text);

    [Fact]
    public void Lists_and_what_is_none_of_it()
    {
        Assert.Equal("5 -5 0.6", IncarValue.From(new object[] { 5, -5, 0.6 }).Text);
        Assert.Equal([5, 5, 0.6], IncarValue.Parse("2*5 0.6").Numbers);
        Assert.Equal([1e-5, 2], IncarValue.Parse("1.0D-5 2").Numbers);
        Assert.Equal(IncarValueKind.Text, IncarValue.Parse("Fast").Kind);
        Assert.Equal(IncarValueKind.Text, IncarValue.Parse("1 Al").Kind);
        Assert.Equal("IncarValueNotFinite", Assert.Throws<AtomProNetException>(() => IncarValue.From(double.NaN)).ErrorId);
        Assert.Equal("IncarValueHoldsLineEnd", Assert.Throws<AtomProNetException>(() => IncarValue.From("1\nENCUT = 3")).ErrorId);
        Assert.Equal("IncarValueUnusable", Assert.Throws<AtomProNetException>(() => IncarValue.From(new object())).ErrorId);
        Assert.Equal("IncarValueUnusable", Assert.Throws<AtomProNetException>(() => IncarValue.From(new System.Collections.Hashtable())).ErrorId);
    }

    [Fact]
    public void Values_are_equal_by_what_they_mean()
    {
        Assert.Equal(IncarValue.Parse("1e-6"), IncarValue.Of(1e-6));
        Assert.Equal(IncarValue.Parse("fast"), IncarValue.Parse("FAST"));
        Assert.NotEqual(IncarValue.Parse("1"), IncarValue.Parse("T"));
        Assert.Equal("3*5 0.6 5", IncarValue.Runs([5, 5, 5, 0.6, 5]).Text);
        Assert.Equal(IncarValue.Runs([5, 5, 5]), IncarValue.Parse("5.0 5.0 5.0"));
    }

    [Fact]
    public void Keys_keep_their_order_and_are_upper_case()
    {
        Incar incar = Incar.Empty.With("encut", 520).With("ISMEAR", -5).With("Encut", 600).With("ALGO", "Fast").Without("ismear");

        Assert.Equal("ENCUT = 600\nALGO = Fast\n", incar.ToText());
        Assert.Equal("IncarKeyInvalid", Assert.Throws<AtomProNetException>(() => incar.With("EN CUT", 1)).ErrorId);
        Assert.Equal("IncarKeyInvalid", Assert.Throws<AtomProNetException>(() => incar.With("A=1\nB", 1)).ErrorId);
        Assert.Equal("IncarKeyInvalid", Assert.Throws<AtomProNetException>(() => incar.With("", 1)).ErrorId);
    }

    [Fact]
    public void A_file_is_read_as_VASP_reads_it()
    {
        const string Text = """
            # a comment
            SYSTEM = corundum; ENCUT = 520 ! eV
              ISMEAR=-5
            MAGMOM = 2*5 \
                     3*0.6
            ALGO = Fast
            encut = 400
            LDAU = .true.
            LOCPROJ = "1 : s : Pr
            2 : p : Pr # not a comment"
            KERNEL_TRUNCATION {
               LTRUNCATE = T ; IDIMENSIONALITY = 2
            }
            just words
            EMPTY =
            """;
        var findings = new List<Finding>();

        Incar incar = IncarReader.Read(Text.Replace("\n", "\r\n", StringComparison.Ordinal), "INCAR", findings);

        Assert.Equal(["SYSTEM", "ENCUT", "ISMEAR", "MAGMOM", "ALGO", "LDAU", "LOCPROJ", "KERNEL_TRUNCATION/LTRUNCATE", "KERNEL_TRUNCATION/IDIMENSIONALITY"], incar.Keys);
        Assert.Equal(520, incar["ENCUT"]!.AsNumber); // VASP takes the first one
        Assert.Equal([5, 5, 0.6, 0.6, 0.6], incar["MAGMOM"]!.Numbers);
        Assert.True(incar["LDAU"]!.AsLogical);
        Assert.Contains("# not a comment", incar["LOCPROJ"]!.Text, StringComparison.Ordinal);
        Assert.Equal(2, incar["KERNEL_TRUNCATION/IDIMENSIONALITY"]!.AsInteger);
        Assert.Equal(["IncarKeyTwice", "IncarLineIgnored", "IncarValueMissing"], findings.Select(f => f.Code).Order(StringComparer.Ordinal));
    }

    /// <summary>VASP takes the numbers and truth values at the beginning; words behind them are how many people comment.</summary>
    [Theory]
    [InlineData("ISPIN = 2   spin polarised", "2")]
    [InlineData("ENCUT = 450 eV", "450")]
    [InlineData("LDAU = .TRUE. switches it on", ".TRUE.")]
    [InlineData("MAGMOM = 2*5 4*0.6 (Fe O)", "2*5 4*0.6")]
    [InlineData("ALGO = Fast (IALGO 68)", "Fast (IALGO 68)")]
    [InlineData("SYSTEM = 2 atoms", "2 atoms")]
    [InlineData("LOCPROJ = 1 : s : Pr", "1 : s : Pr")]
    public void Words_behind_a_value_are_passed_over(string line, string value)
    {
        Incar incar = IncarReader.Read(line);

        Assert.Equal(value, incar[incar.Keys[0]]!.Text);
    }

    [Fact]
    public void A_key_behind_a_value_without_a_semicolon_is_told()
    {
        var findings = new List<Finding>();
        Incar incar = IncarReader.Read("ENCUT = 600 LREAL = Auto\nPREC = Accurate ISMEAR=0\nISPIN = 2 2=spin", "INCAR", findings);

        Assert.Equal(600, incar["ENCUT"]!.AsNumber);
        Assert.Equal(["'LREAL' in line 1", "'ISMEAR' in line 2"], findings.Where(f => f.Code == "IncarKeyInValue").Select(f => f.Message[..f.Message.IndexOf(" stands", StringComparison.Ordinal)]));
    }

    /// <summary>F alone is short for Fast (VASP manual, ALGO: the first letter counts).</summary>
    [Theory]
    [InlineData("ALGO = F")]
    [InlineData("algo = f ! fast")]
    public void The_algorithm_is_no_truth_value(string line)
    {
        Assert.Equal("Fast", IncarReader.Read(line)["ALGO"]!.Text);
        Assert.Equal("Fast", Incar.Empty.With("ALGO", IncarValue.From("F"))["ALGO"]!.Text);
    }

    [Theory]
    [InlineData("A = \"open")]
    [InlineData("A { B = 1")]
    [InlineData("A = 1 }")]
    [InlineData("A { B { C = 1 } }")]
    public void What_is_left_open_is_an_error(string text) => Assert.Equal("IncarDamaged", Assert.Throws<AtomProNetException>(() => IncarReader.Read(text)).ErrorId);

    [Fact]
    public void Writing_and_reading_is_the_identity()
    {
        var random = new Random(5);
        for (int i = 0; i < 300; i++)
        {
            Incar incar = Incar.Empty;
            for (int k = random.Next(1, 12); k > 0; k--)
            {
                string key = "K" + random.Next(1000).ToString(CultureInfo.InvariantCulture);
                incar = random.Next(4) switch
                {
                    0 => incar.With(key, random.Next(2) == 0),
                    1 => incar.With(key, random.Next(-1000, 1000)),
                    2 => incar.With(key, (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-12, 12))),
                    _ => incar.With(key, IncarValue.Runs([.. Enumerable.Range(0, random.Next(1, 9)).Select(_ => random.Next(3) * 0.6)])),
                };
            }

            Assert.Equal(incar.ToText(), IncarReader.Read(incar.ToText()).ToText());
            Assert.True(incar.SequenceEqual(IncarReader.Read(incar.ToText())));
        }
    }

    [Theory]
    [InlineData("ENCUTT", "ENCUT")]
    [InlineData("ECNUT", "ENCUT")]
    [InlineData("ISMAER", "ISMEAR")]
    [InlineData("LWAVES", "LWAVE")]
    [InlineData("KSPACNG", "KSPACING")]
    [InlineData("QQQQQQQQ", null)]
    public void Slips_of_the_pen_are_told(string key, string? meant)
    {
        Finding finding = Assert.Single(IncarTags.Check([key, "ENCUT", "NSW", "ML_LMLFF", "PLUGINS/STRUCTURE"]));

        Assert.Equal("IncarTagUnknown", finding.Code);
        Assert.Equal(meant, IncarTags.Suggest(key));
        Assert.Contains(meant ?? "spelling", finding.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_key_of_every_preset_is_known()
    {
        foreach (VaspPreset preset in Enum.GetValues<VaspPreset>())
        {
            Assert.Empty(IncarTags.Check(VaspInputSets.Get(preset).Incar.Keys));
        }

        foreach (VaspEnsemble ensemble in Enum.GetValues<VaspEnsemble>())
        {
            Assert.Empty(IncarTags.Check(VaspInputSets.Get(ensemble).Incar.Keys));
        }
    }
}
