using System.Text;
using System.Text.Json;
using AtomProNet.Structures;

namespace AtomProNet.Tests.Structures;

public sealed class ElementTests
{
    [Fact]
    public void All_118_are_there_and_found_by_number_and_symbol()
    {
        Assert.Equal(118, Element.All.Count);
        for (int z = 1; z <= 118; z++)
        {
            Element e = Element.FromNumber(z);
            Assert.Equal(z, e.Number);
            Assert.Same(e, Element.FromSymbol(e.Symbol));
            Assert.True(Element.TryFromSymbol(Encoding.ASCII.GetBytes(e.Symbol), out Element? bytes));
            Assert.Same(e, bytes);
            Assert.True(e.Mass > 0 && e.CovalentRadius > 0);
        }

        Assert.Equal(118, Element.All.Select(e => e.Symbol).Distinct().Count());
        Assert.Equal(118, Element.All.Select(e => e.Name).Distinct().Count());
    }

    [Theory]
    [InlineData("CO")]
    [InlineData("al")]
    [InlineData("")]
    [InlineData("Xx")]
    [InlineData("D")]
    [InlineData("Al ")]
    [InlineData("Uuo")]
    public void What_is_no_symbol_is_refused(string text)
    {
        Assert.False(Element.TryFromSymbol(text, out _));
        Assert.False(Element.TryFromSymbol(Encoding.ASCII.GetBytes(text), out _));
        Assert.Equal("ElementUnknown", Assert.Throws<AtomProNetException>(() => Element.FromSymbol(text)).ErrorId);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(119)]
    [InlineData(-1)]
    public void What_is_no_number_is_refused(int z) => Assert.Throws<AtomProNetException>(() => Element.FromNumber(z));

    [Fact]
    public void The_table_is_that_of_ASE()
    {
        SystemPython.SkipUnlessThere("ase");
        JsonElement result = SystemPython.Run("""
            from ase.data import chemical_symbols, atomic_masses, covalent_radii, atomic_names
            result = [[chemical_symbols[z], float(atomic_masses[z]), float(covalent_radii[z]), atomic_names[z]] for z in range(1, 119)]
            """);
        var differ = new List<string>();
        foreach (Element e in Element.All)
        {
            JsonElement theirs = result[e.Number - 1];
            Assert.Equal(theirs[0].GetString(), e.Symbol);
            // ASE has IUPAC 2016; later corrections change the last digits.
            if (Math.Abs(theirs[1].GetDouble() - e.Mass) > 1e-3 * e.Mass || (e.Number <= 96 && Math.Abs(theirs[2].GetDouble() - e.CovalentRadius) > 1e-9))
            {
                differ.Add($"{e.Symbol}: {e.Mass} {e.CovalentRadius}, ASE {theirs[1]} {theirs[2]}");
            }
        }

        Assert.Empty(differ);
    }

    [Fact]
    public void Electronegativities_are_those_of_pymatgen()
    {
        SystemPython.SkipUnlessThere("pymatgen");
        JsonElement result = SystemPython.Run("""
            from pymatgen.core import Element
            import math
            result = [(lambda x: None if math.isnan(x) else x)(float(Element.from_Z(z).X)) for z in range(1, 104)]
            """);
        var differ = new List<string>();
        for (int z = 1; z <= 103; z++)
        {
            double? theirs = result[z - 1].ValueKind == JsonValueKind.Null ? null : result[z - 1].GetDouble();
            if (theirs != Element.FromNumber(z).Electronegativity)
            {
                differ.Add($"{Element.FromNumber(z).Symbol}: {Element.FromNumber(z).Electronegativity}, pymatgen {theirs}");
            }
        }

        Assert.Empty(differ);
    }
}
