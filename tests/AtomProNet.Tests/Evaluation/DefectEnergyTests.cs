using System.Collections;
using AtomProNet.Calculations;
using AtomProNet.Cli;
using AtomProNet.Evaluation.Energies;
using AtomProNet.Generation;
using AtomProNet.Structures;
using AtomProNet.Tests.Datasets.Checks;
using static AtomProNet.Tests.Generation.SampleCrystals;

namespace AtomProNet.Tests.Evaluation;

public sealed class DefectEnergyTests
{
    private static readonly Element Na = Element.FromSymbol("Na"), Cl = Element.FromSymbol("Cl");

    /// <summary>Energies that are whole numbers: the formula by hand.</summary>
    [Fact]
    public void The_formula_with_numbers_that_one_can_add_up()
    {
        Structure big = Supercell.Repeat(RockSalt, 2, 2, 2);
        Frame perfect = Frame(RockSalt, -30, "4x4x4"), vacancy = Frame(Without(big, 0), -230, "2x2x2");
        AtomEnergies mu = AtomEnergies.FromTable(new Hashtable { ["Na"] = -1.5, ["Cl"] = -2 });
        FormationEnergy e = FormationEnergy.Measure(vacancy, perfect, mu);
        // −230 − 8·(−30) − (−1)(−1.5) = 8.5
        Assert.Equal(8.5, e.Energy, 12);
        Assert.Equal((8, -240.0, -230.0 / 63), (e.CellCount, e.PerfectEnergy, e.EnergyPerAtom));
        Assert.Equal([new("Na", -1)], e.AtomsAdded);
        Assert.Empty(e.Findings);
        // An interstitial and an antisite: atoms added, and one element for another.
        Frame crowded = Frame(With(big, Cl), -235, "2x2x2");
        Assert.Equal(-235 + 240 + 2, FormationEnergy.Measure(crowded, perfect, mu).Energy, 12);
        Frame antisite = Frame(With(Without(big, 0), Cl), -228, "2x2x2");
        FormationEnergy exchanged = FormationEnergy.Measure(antisite, perfect, mu);
        Assert.Equal(-228 + 240 - 1.5 + 2, exchanged.Energy, 12);
        Assert.Equal([new("Cl", 1), new("Na", -1)], exchanged.AtomsAdded);
        // The same against the perfect supercell itself.
        Assert.Equal(8.5, FormationEnergy.Measure(vacancy, Frame(big, -240, "2x2x2"), mu).Energy, 12);
        // Nothing added: nothing is asked for.
        Assert.Equal(2, FormationEnergy.Measure(Frame(big, -238, "2x2x2"), perfect, AtomEnergies.Empty).Energy, 12);
    }

    [Fact]
    public void A_supercell_of_any_shape_is_recognised()
    {
        var random = new Random(5);
        for (int i = 0; i < 100; i++)
        {
            int[] t = [.. Enumerable.Range(0, 9).Select(_ => random.Next(-2, 3))];
            IntegerMatrix3x3 matrix = IntegerMatrix3x3.FromRowMajor(t);
            if (matrix.Determinant <= 0)
            {
                continue;
            }

            Structure big = Supercell.Build(Rutile, matrix);
            Assert.Equal((int)matrix.Determinant, CellMultiple.Of(big, Rutile).Cells);
            // Relaxed a little, it still is.
            Assert.Equal((int)matrix.Determinant, CellMultiple.Of(StrainSeries.Strain(big, Matrix3x3.Diagonal(0.01, -0.01, 0.02)), Rutile).Cells);
        }

        Assert.Equal("CellsNotCommensurate", Assert.Throws<AtomProNetException>(() => CellMultiple.Of(StrainSeries.Strain(Rutile, Matrix3x3.Diagonal(0.3, 0.3, 0.3)), Rutile)).ErrorId);
    }

    [Theory]
    [InlineData("4x4x4", "2x2x2", true)]
    [InlineData("4x4x4", "4x4x4", false)]
    [InlineData("3x3x3", "2x2x2", true)]
    [InlineData("5x5x5", "2x2x2", true)]
    [InlineData("6x6x6", "2x2x2", false)]
    [InlineData("2x2x2", "1x1x1", true)]
    [InlineData("8x8x8 shift 0.5,0.5,0.5", "4x4x4", true)]
    public void Meshes_of_one_spacing_go_together(string unit, string supercell, bool together)
    {
        Structure big = Supercell.Repeat(RockSalt, 2, 2, 2);
        Assert.Equal(together, MeshComparison.IsOneDensity(Frame(big, -1, supercell), Frame(RockSalt, -1, unit)));
    }

    [Fact]
    public void Refusals_say_why()
    {
        using var work = new TemporaryFolder();
        Structure big = Supercell.Repeat(RockSalt, 2, 2, 2);
        Frame perfect = Frame(RockSalt, -30, "4x4x4"), vacancy = Frame(Without(big, 0), -230, "2x2x2");
        AtomEnergies mu = AtomEnergies.FromTable(new Hashtable { ["Na"] = -1.5 });
        Assert.Equal("AtomEnergyMissing", Id(() => FormationEnergy.Measure(vacancy, perfect, AtomEnergies.Empty)));
        Assert.Equal("KPointDensitiesDiffer", Id(() => FormationEnergy.Measure(vacancy with { Method = vacancy.Method! with { KPointMesh = "4x4x4" } }, perfect, mu)));
        Assert.Equal("ChargeNotANumber", Id(() => FormationEnergy.Measure(vacancy with { Information = vacancy.Information.Add("charge", "one") }, perfect, mu)));
        Assert.Equal("ChargeNotANumber", Id(() => FormationEnergy.Measure(vacancy with { Information = vacancy.Information.Add("charge", "0,5") }, perfect, mu)));
        Assert.Equal("CellCharged", Id(() => FormationEnergy.Measure(vacancy with { Information = vacancy.Information.Add("total_charge", 1.0) }, perfect, mu)));
        Assert.Equal("MethodsMixed", Id(() => FormationEnergy.Measure(vacancy with { Method = vacancy.Method! with { CutoffEnergy = 520 } }, perfect, mu)));
        Assert.Equal("MethodsMixed", Id(() => FormationEnergy.Measure(vacancy with { Origin = LabelOrigin.Predicted }, perfect, mu)));
        Assert.Equal("FrameNotConverged", Id(() => FormationEnergy.Measure(vacancy with { Convergence = new(ElectronicConvergence.NotConverged) }, perfect, mu)));
        Assert.Equal("EnergyKindMissing", Id(() => FormationEnergy.Measure(vacancy, perfect, mu, EnergyKind.SigmaToZero)));
        Assert.Equal("ElementUnknown", Id(() => AtomEnergies.FromTable(new Hashtable { ["Qq"] = 1 })));
        Assert.Equal("EnergyNotANumber", Id(() => AtomEnergies.FromTable(new Hashtable { ["Na"] = "much" })));
        Assert.Equal("FrameNotElemental", Id(() => AtomEnergies.FromElements([perfect], EnergyKind.Free)));
        Assert.Equal("FrameNotIsolatedAtom", Id(() => AtomEnergies.FromIsolatedAtoms([Frame(Aluminium, -1, null)], EnergyKind.Free)));
        Assert.Contains(FormationEnergy.Measure(vacancy with { Forces = [.. Enumerable.Repeat(new Vector3D(0.3, 0, 0), 63)] }, perfect, mu).Findings, f => f.Code == "DefectNotRelaxed");

        static string Id(Action action) => Assert.Throws<AtomProNetException>(action).ErrorId;
    }

    [Fact]
    public void Chemical_potentials_from_the_elements_take_the_lowest()
    {
        Structure chlorine = Make(Lattice.Cubic(12), "Cl .5 .5 .5", "Cl .5 .5 .66");
        AtomEnergies mu = AtomEnergies.FromElements([Frame(chlorine, -4, null), Frame(Supercell.Repeat(chlorine, 2, 1, 1), -8.4, null)], EnergyKind.Free);
        Assert.Equal(-2.1, mu.Entries[Cl].Energy, 12);
        // Numbers go before frames.
        Assert.Equal(-7, AtomEnergies.FromTable(new Hashtable { ["Cl"] = -7 }).Or(mu).Entries[Cl].Energy);
    }

    /// <summary>The pair potential has its zero at free atoms: what binds is what the potential says, through the cmdlets and their files.</summary>
    [Fact]
    public void Cohesive_energies_through_the_pipeline()
    {
        using var work = new TemporaryFolder();
        Frame crystal = BinaryMorse.Label(RockSalt);
        Frame[] atoms = [.. new[] { Na, Cl }.Select((e, i) => new Frame(IsolatedAtoms.Create(e)) { FreeEnergy = -0.25 * (i + 1), ConfigType = "IsolatedAtom", Origin = LabelOrigin.AbInitio, Method = crystal.Method, Convergence = crystal.Convergence })];
        PipelineResult result = PipelineHost.Run("Measure-CohesiveEnergy", work.Root, new() { Input = [atoms[0], crystal, atoms[1]] });
        Assert.Empty(result.Errors);
        CohesiveEnergy e = Assert.Single(result.Output.Cast<CohesiveEnergy>());
        double perAtom = BinaryMorse.Evaluate(RockSalt).Energy / 8;
        Assert.True(perAtom < -1);
        Assert.Equal(perAtom, e.EnergyPerAtom, 12);
        Assert.Equal(perAtom + (0.25 + 0.5) / 2, e.Energy, 12);
        CohesiveEnergy given = Assert.Single(PipelineHost.Run("Measure-CohesiveEnergy -AtomEnergy @{Na=0;Cl=-0.5}", work.Root, new() { Input = [crystal] }).Output.Cast<CohesiveEnergy>());
        Assert.Equal(perAtom + 0.25, given.Energy, 12);
        Assert.Equal("AtomEnergyMissing", Assert.Single(PipelineHost.Run("Measure-CohesiveEnergy", work.Root, new() { Input = [crystal, atoms[0]] }).Errors).FullyQualifiedErrorId.Split(',')[0]);
        // Two energies for one free atom contradict each other.
        Assert.Equal("FreeAtomTwice", Assert.Single(PipelineHost.Run("Measure-CohesiveEnergy", work.Root, new() { Input = [crystal, .. atoms, atoms[1] with { FreeEnergy = -0.6 }] }).Errors).FullyQualifiedErrorId.Split(',')[0]);
    }

    private static Frame Frame(Structure s, double energy, string? mesh) => new(s)
    {
        FreeEnergy = energy,
        Origin = LabelOrigin.AbInitio,
        Convergence = new(ElectronicConvergence.Converged),
        Method = new() { Code = "VASP", Functional = "PBE", CutoffEnergy = 400, KPointMesh = mesh },
    };

    private static Structure Without(Structure s, int site) => s.SelectSites([.. Enumerable.Range(0, s.AtomCount).Where(i => i != site)]);

    private static Structure With(Structure s, Element guest) => new(s.Lattice, s.Species.Add(guest), s.FractionalPositions.Add(new(0.125, 0.125, 0.125)), CoordinateKind.Fractional);
}
