using System.Text.RegularExpressions;
using AtomProNet.QuantumEspresso.Inputs;
using AtomProNet.Structures;

namespace AtomProNet.Tests.QuantumEspresso.Inputs;

public sealed class UpfHeaderTests
{
    [Fact]
    public void EveryPseudopotentialOfDebianIsRead()
    {
        int versions1 = 0, versions2 = 0, suggestions = 0;
        foreach (string path in Directory.EnumerateFiles(PwX.Pseudopotentials).Where(f => f.EndsWith(".upf", StringComparison.OrdinalIgnoreCase)))
        {
            string text = File.ReadAllText(path);
            UpfHeader header = UpfHeader.Read(path);
            bool isSecond = text.TrimStart().StartsWith("<UPF", StringComparison.Ordinal);
            (versions1, versions2) = isSecond ? (versions1, versions2 + 1) : (versions1 + 1, versions2);

            // The symbol that the file's name begins with; Rhs is rhodium at a surface, Corel cobalt.
            string letters = Regex.Match(Path.GetFileName(path), "^[A-Za-z]+").Value;
            Assert.True(letters.Equals(header.Element.Symbol, StringComparison.OrdinalIgnoreCase) || letters is "Rhs" or "CorelUSPBE", $"{path}: {header.Element}");

            // What people read in the file: "Suggested minimum cutoff", or the line of version 1.
            Match suggested = isSecond ? Regex.Match(text, @"wfc_cutoff\s*=\s*[""']\s*([0-9.+\-EeDd]+)") : Regex.Match(text, @"^\s*([0-9.]+)\s+[0-9.]+\s+Suggested cutoff", RegexOptions.Multiline);
            double value = suggested.Success ? double.Parse(suggested.Groups[1].Value.Replace('D', 'E'), System.Globalization.CultureInfo.InvariantCulture) : 0;
            if (value > 0)
            {
                suggestions++;
                Assert.Equal(value, header.WavefunctionCutoff);
            }

            Assert.InRange(header.ValenceElectrons, 1, 30);
            Assert.NotNull(header.Functional);
        }

        Assert.True(versions1 >= 8 && versions2 >= 55 && suggestions >= 20, $"{versions1} {versions2} {suggestions}");
    }

    [Fact]
    public void TheFirstVersionIsRead()
    {
        UpfHeader header = UpfHeader.Read(Path.Combine(PwX.Pseudopotentials, "Ni.rel-pbe-nd-rrkjus.UPF"));
        Assert.Equal(("Ni", "US", "PBE", 10.0, 23.557, 371.902, true), (header.Element.Symbol, header.Type, header.Functional, header.ValenceElectrons, header.WavefunctionCutoff, header.DensityCutoff, header.IsFullyRelativistic));
        Assert.True(header.IsAugmented);
    }

    [Fact]
    public void TheSecondVersionIsReadInAnyQuotesAndWithAnythingInThem()
    {
        const string Text = """
            <UPF version="2.0.1"><PP_INFO>Suggested minimum cutoff for wavefunctions:  38. Ry
            Suggested minimum cutoff for charge density: 151. Ry</PP_INFO>
            <PP_HEADER generated='Generated using "atomic" code'
              author="A > B /> C" element=" AL" pseudo_type="PAW" relativistic="scalar" functional="PBESOL"
              z_valence="   3.000000000000000E+000" wfc_cutoff="0.000000000000000E+000" rho_cutoff="0.0"/>
            """;
        UpfHeader header = UpfHeader.Parse(Text, "/x/al_pbesol_v1.uspp.F.UPF");
        Assert.Equal((Element.FromSymbol("Al"), "PAW", "PBEsol", 3.0, 38.0, 151.0), (header.Element, header.Type, header.Functional, header.ValenceElectrons, header.WavefunctionCutoff, header.DensityCutoff));
    }

    [Theory]
    [InlineData("", "UpfHeaderMissing")]
    [InlineData("<UPF><PP_HEADER element=\"Al\" pseudo_type=\"NC\"", "UpfHeaderDamaged")]
    [InlineData("<PP_HEADER element=\"Qq\" pseudo_type=\"NC\" functional=\"PBE\" z_valence=\"3\"/>", "UpfElementUnknown")]
    [InlineData("<PP_HEADER element=\"Al\" pseudo_type=\"NC\" functional=\"PBE\"/>", "UpfHeaderDamaged")]
    [InlineData("<PP_HEADER>\n 0 Version\n Al Element\n", "UpfHeaderDamaged")]
    public void WhatIsNoHeaderIsSaidSo(string text, string id) =>
        Assert.Equal(id, Assert.Throws<AtomProNetException>(() => UpfHeader.Parse(text, "/x/al.UPF")).ErrorId);

    [Fact]
    public void CutHeadersNeverThrowAnythingElse()
    {
        foreach (string name in new[] { "Ni.rel-pbe-nd-rrkjus.UPF", "O.pbe-kjpaw.UPF" })
        {
            string text = File.ReadAllText(Path.Combine(PwX.Pseudopotentials, name))[..4000];
            for (int length = 0; length < text.Length; length += 7)
            {
                try
                {
                    _ = UpfHeader.Parse(text[..length], "/x/cut.UPF");
                }
                catch (AtomProNetException)
                {
                    // The only kind of trouble there may be.
                }
            }
        }
    }
}
