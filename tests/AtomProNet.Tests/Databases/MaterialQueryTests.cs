using AtomProNet.Databases;
using AtomProNet.Databases.Bundled;
using AtomProNet.Structures;

namespace AtomProNet.Tests.Databases;

public class MaterialQueryTests
{
    [Theory]
    [InlineData("Al2O3", "Al2O3", true)]
    [InlineData("O3Al2", "Al2O3", true)]
    [InlineData("Al4O6", "Al2O3", true)]
    [InlineData("Al2O3", "Al12O18", true)]
    [InlineData("AlO", "Al2O3", false)]
    [InlineData("Al2O3", "Al2O3H3", false)]
    [InlineData("Al*O3", "SmAlO3", true)]
    [InlineData("Al*O3", "Al2O3", false)] // each star is another element
    [InlineData("Al*O3", "Al2Sm2O6", true)]
    [InlineData("Al2*3", "Al2O3", true)]
    [InlineData("**O3", "BaTiO3", true)]
    [InlineData("**O3", "Al2O3", false)]
    [InlineData("*O2", "TiO2", true)]
    [InlineData("*", "Si", true)]
    [InlineData("*", "SiO2", false)]
    [InlineData("*(OH)2", "CaO2H2", true)]
    [InlineData("ABO3", "BaTiO3", true)]
    [InlineData("ABO3", "CsPbI3", true)] // B and O are placeholders, too
    [InlineData("ABC3", "BaTiO3", true)]
    [InlineData("ABO3", "BaTi2O5", false)]
    [InlineData("A2B3", "Al2O3", true)]
    [InlineData("AB", "BN", true)]
    [InlineData("BN", "BN", true)]
    [InlineData("BN", "NaCl", false)] // boron and nitrogen are elements
    public void Formulas_match_by_the_rules_of_the_Materials_Project(string pattern, string formula, bool expected) =>
        Assert.Equal(expected, FormulaPattern.Parse(pattern).Matches(Composition.Parse(formula)));

    [Theory]
    [InlineData("Al2X3")] // neither anonymous nor a formula
    [InlineData("A*O3")]
    [InlineData("al2o3")]
    [InlineData("Al2O3)")]
    [InlineData("(Al2O3")]
    [InlineData("Al0")]
    [InlineData("Al2.5O3")]
    [InlineData("()")]
    [InlineData("")]
    public void What_is_no_formula_is_refused(string text) =>
        Assert.Equal("FormulaInvalid", Assert.Throws<AtomProNetException>(() => FormulaPattern.Parse(text)).ErrorId);

    [Theory]
    [InlineData("mp-1143", "id")]
    [InlineData("mvc-12905", "id")]
    [InlineData("mp-aaaaaaft", "id")]
    [InlineData("agm003214", "id")]
    [InlineData("bundled:Al2O3-corundum", "id")]
    [InlineData("Al2O3", "formula")]
    [InlineData(" Al2O3 ", "formula")]
    [InlineData("Si", "formula")]
    [InlineData("Al*O3", "formula")]
    [InlineData("ABO3", "formula")]
    [InlineData("Al-O", "system")]
    [InlineData("O-Al", "system")]
    [InlineData("Al-*", "system")]
    [InlineData("Al,O", "elements")]
    public void A_word_is_recognised(string text, string kind)
    {
        MaterialQuery query = new MaterialQuery().Select(text);
        Assert.Equal(kind == "id", !query.MaterialIds.IsEmpty);
        Assert.Equal(kind == "formula", query.Formula is not null);
        Assert.Equal(kind == "system", query.ChemicalSystem is not null);
        Assert.Equal(kind == "elements", !query.Elements.IsEmpty);
    }

    [Fact]
    public void A_word_that_is_nothing_is_refused_with_the_reason()
    {
        Assert.Equal("FormulaInvalid", Assert.Throws<AtomProNetException>(() => new MaterialQuery().Select("Al*X3")).ErrorId);
        Assert.Equal("QueryEmpty", Assert.Throws<AtomProNetException>(() => new MaterialQuery().Select(" ")).ErrorId);
        Assert.Equal("ElementUnknown", Assert.Throws<AtomProNetException>(() => new MaterialQuery().Select("Al,Xx")).ErrorId);
    }

    [Theory]
    [InlineData("Al-O", "Al2O3", true)]
    [InlineData("O-Al", "Al2O3", true)]
    [InlineData("Al-O", "Al", false)]
    [InlineData("Al-*", "Al2O3", true)]
    [InlineData("Al-*", "Al", false)]
    [InlineData("Al-*", "AlFeO3", false)]
    [InlineData("Al-*-*", "AlFeO3", true)]
    public void Chemical_systems_match_exactly_these_elements(string system, string formula, bool expected) =>
        Assert.Equal(expected, ChemicalSystem.Parse(system).Matches(Composition.Parse(formula)));

    [Theory]
    [InlineData("194", 194)]
    [InlineData("P6_3/mmc", 194)]
    [InlineData("P63/mmc", 194)]
    [InlineData("P 63/m m c", 194)]
    [InlineData("Fm-3m", 225)]
    [InlineData("P2_1/c", 14)]
    [InlineData("Cmca", 64)]
    [InlineData("Cmce", 64)]
    public void Space_groups_are_read_by_number_and_symbol(string text, int number) => Assert.Equal(number, SpaceGroup.Parse(text).Number);

    [Theory]
    [InlineData("0")]
    [InlineData("231")]
    [InlineData("Fm3x")]
    [InlineData("fm-3m")]
    public void What_is_no_space_group_is_refused(string text) =>
        Assert.Equal("SpaceGroupUnknown", Assert.Throws<AtomProNetException>(() => SpaceGroup.Parse(text)).ErrorId);

    [Fact]
    public void Symbols_of_all_space_groups_are_those_of_spglib()
    {
        SystemPython.SkipUnlessThere("spglib");
        string[] symbols = [.. SystemPython.Run(
            """
            import spglib
            names = {}
            for h in range(1, 531):
                t = spglib.get_spacegroup_type(h)
                get = (lambda k: t[k]) if isinstance(t, dict) else (lambda k: getattr(t, k))
                names.setdefault(get('number'), get('international_short'))
            result = [names[n] for n in range(1, 231)]
            """).EnumerateArray().Select(s => s.GetString()!)];
        Assert.Equal(symbols, Enumerable.Range(1, 230).Select(n => new SpaceGroup(n).Symbol));
        Assert.All(Enumerable.Range(1, 230), n => Assert.Equal(n, SpaceGroup.Parse(new SpaceGroup(n).Symbol).Number));
    }

    [Fact]
    public void Bundled_crystals_are_found_by_formula_system_and_elements()
    {
        Assert.Equal(["Al2O3-corundum"], Ids(new MaterialQuery().Select("Al2O3")));
        Assert.Equal(["Al2O3-corundum"], Ids(new MaterialQuery().Select("Al-O")));
        Assert.Equal(["TiO2-rutile", "TiO2-anatase"], Ids(new MaterialQuery().Select("TiO2")));
        Assert.Equal(["TiO2-anatase"], Ids(new MaterialQuery { SpaceGroup = SpaceGroup.Parse("I4_1/amd") }));
        Assert.Equal(["TiO2-rutile"], Ids(new MaterialQuery { StableOnly = true }.Select("TiO2")));
        Assert.Equal(["C-graphite", "C-diamond"], Ids(new MaterialQuery().Select("C")));
        Assert.Equal(["SrTiO3-perovskite", "BaTiO3-tetragonal"], Ids(new MaterialQuery().Select("*TiO3")));
        Assert.Equal(["SrTiO3-perovskite", "BaTiO3-tetragonal", "MgSiO3-perovskite"], Ids(new MaterialQuery().Select("ABO3")));
        Assert.Equal(["SrTiO3-perovskite", "BaTiO3-tetragonal"], Ids(new MaterialQuery().Select("Ti,O") with { ExcludedElements = MaterialQuery.ParseElements(["C"]), SiteCountMaximum = 5 }));
        Assert.Equal(["CsCl"], Ids(new MaterialQuery { MaterialIds = ["bundled:CsCl"] }));
        Assert.Empty(Ids(new MaterialQuery().Select("UO2")));
        Assert.Empty(Ids(new MaterialQuery { Theoretical = true }.Select("Al2O3")));
        Assert.Equal(BundledCrystals.All.Length, Ids(new MaterialQuery()).Length);
    }

    [Fact]
    public void What_bundled_crystals_cannot_answer_is_said()
    {
        Assert.Equal("BundledFilterUnanswerable", Assert.Throws<AtomProNetException>(() => BundledSearch.Find(new MaterialQuery { EnergyAboveHullMaximum = 0.1 }.Select("TiO2"))).ErrorId);
        AtomProNetException missing = Assert.Throws<AtomProNetException>(() => BundledSearch.Find(new MaterialQuery().Select("mp-1143")));
        Assert.Equal("MaterialNotFound", missing.ErrorId);
        Assert.Contains("MP_API_KEY", missing.Message, StringComparison.Ordinal);
    }

    private static string[] Ids(MaterialQuery query) => [.. BundledSearch.Find(query).Select(c => c.Id)];
}
