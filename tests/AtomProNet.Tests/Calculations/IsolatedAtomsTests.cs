using AtomProNet.Calculations;
using AtomProNet.Structures;

namespace AtomProNet.Tests.Calculations;

public sealed class IsolatedAtomsTests
{
    [Fact]
    public void Moments_are_those_that_ASE_has()
    {
        SystemPython.SkipUnlessThere("ase");
        double[] theirs = [.. SystemPython.Run("from ase.data import ground_state_magnetic_moments as m\nresult = [-1 if x != x else float(x) for x in m]").EnumerateArray().Select(x => x.GetDouble())];

        Assert.True(theirs.Count(m => m >= 0) > 90);
        foreach (Element e in Element.All.Where(e => e.Number <= 98))
        {
            // Beyond Cf ASE's table has even numbers for odd elements.
            // ASE gives Ce the 1 of its term's neighbour; the 4f and 5d electrons are two (NIST: 4f 5d 6s²).
            if (e.Symbol != "Ce")
            {
                Assert.True(theirs[e.Number] == IsolatedAtoms.UnpairedElectrons(e), $"{e}: {IsolatedAtoms.UnpairedElectrons(e)}, ASE {theirs[e.Number]}");
            }
        }
    }

    [Fact]
    public void Parity_is_that_of_the_number_of_electrons() =>
        Assert.All(Element.All, e => Assert.Equal(e.Number % 2, IsolatedAtoms.UnpairedElectrons(e) % 2));

    [Theory]
    [InlineData(11.9)]
    [InlineData(double.NaN)]
    [InlineData(1e9)]
    public void A_box_that_is_too_small_is_refused(double edge) =>
        Assert.Equal("BoxTooSmall", Assert.Throws<AtomProNetException>(() => IsolatedAtoms.Create(Element.FromSymbol("O"), edge)).ErrorId);
}
