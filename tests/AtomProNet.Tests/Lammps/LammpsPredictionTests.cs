using System.Collections.Immutable;
using System.Text.Json;
using AtomProNet.Cli;
using AtomProNet.Evaluation;
using AtomProNet.Generation;
using AtomProNet.Lammps.Potentials;
using AtomProNet.Lammps.Running;
using AtomProNet.Structures;
using AtomProNet.Tests.Datasets;
using AtomProNet.Tests.Structures.Symmetry;
using static AtomProNet.Tests.Generation.SampleCrystals;

namespace AtomProNet.Tests.Lammps;

public sealed class LammpsPredictionTests
{
    /// <summary>One crystal in many cells: turned, left-handed, with vectors added to each other. Energy, forces and stress go with it.</summary>
    [Fact]
    public void Labels_turn_with_the_frame_and_know_no_cell()
    {
        SystemLammps.SkipUnlessThere("Si.sw");
        Structure crystal = Distorted(Silicon, 1);
        var random = new Random(3);
        Matrix3x3[] turns = [.. Enumerable.Range(0, 6).Select(i => i == 0 ? Matrix3x3.Identity : PointGroupTests.Turn(6 * random.NextDouble(), 3 * random.NextDouble(), 6 * random.NextDouble()))];
        Matrix3x3[] cells =
        [
            Matrix3x3.Identity,
            new(new(0, 1, 0), new(1, 0, 0), new(0, 0, 1)),
            new(new(1, 0, 0), new(3, 1, 0), new(-2, 5, 1)),
            new(new(0, 0, -1), new(0, 1, 0), new(1, 2, 0)),
            Matrix3x3.Diagonal(-1, -1, -1),
            new(new(1, 1, 0), new(0, 1, 1), new(0, 0, 1)),
        ];
        var inputs = turns.Zip(cells).Select(p => new Structure(
            new Lattice(p.Second * crystal.Lattice!.Rows * p.First),
            crystal.Species,
            [.. crystal.CartesianPositions.Select(r => r * p.First)],
            CoordinateKind.Cartesian)).ToArray();
        Frame[] frames = Predict("sw:Si.sw", inputs);
        Frame first = frames[0];
        Assert.True(first.MaximumForce > 0.5 && first.Stress!.Value.ToGigapascal().Max(Math.Abs) > 1);
        for (int i = 1; i < frames.Length; i++)
        {
            Matrix3x3 turn = turns[i];
            Assert.Equal(first.Energy!.Value, frames[i].Energy!.Value, 1e-8);
            Assert.All(Enumerable.Range(0, 8), a => Assert.True((first.Forces!.Value[a] * turn - frames[i].Forces!.Value[a]).Length < 1e-8));
            Assert.All(first.Stress!.Value.Rotate(turn).ToVoigt().Zip(frames[i].Stress!.Value.ToVoigt()), p => Assert.Equal(p.First, p.Second, 1e-8));
            // The geometry is the one that was given, to the last bit.
            Assert.True(inputs[i].Equals(frames[i].Structure));
        }
    }

    /// <summary>Forces are −dE/dr and σ = dE/dε/V, by differences of LAMMPS's own energies: every sign, every place in the order.</summary>
    [Fact]
    public void Forces_and_stress_are_derivatives_of_the_energy()
    {
        SystemLammps.SkipUnlessThere("Si.sw");
        Structure crystal = Distorted(SiliconPrimitive, 2);
        crystal = crystal.With(lattice: new Lattice(crystal.Lattice!.Rows * PointGroupTests.Turn(1, 2, 3)), positions: crystal.FractionalPositions, kind: CoordinateKind.Fractional);
        const double h = 1e-4;
        List<Structure> inputs = [crystal];
        for (int k = 0; k < 3; k++)
        {
            foreach (double sign in new[] { h, -h })
            {
                Vector3D step = new(k == 0 ? sign : 0, k == 1 ? sign : 0, k == 2 ? sign : 0);
                inputs.Add(crystal.With(positions: [crystal.CartesianPositions[0] + step, crystal.CartesianPositions[1]], kind: CoordinateKind.Cartesian));
            }
        }

        (int A, int B)[] voigt = [(0, 0), (1, 1), (2, 2), (1, 2), (0, 2), (0, 1)];
        foreach ((int a, int b) in voigt)
        {
            foreach (double sign in new[] { h, -h })
            {
                double[] e = new double[9];
                e[3 * a + b] += sign / 2;
                e[3 * b + a] += sign / 2;
                inputs.Add(StrainSeries.Strain(crystal, Matrix3x3.FromRowMajor(e)));
            }
        }

        Frame[] frames = Predict("sw:Si.sw", inputs);
        double[] energy = [.. frames.Select(f => f.Energy!.Value)];
        for (int k = 0; k < 3; k++)
        {
            Assert.Equal(-(energy[1 + 2 * k] - energy[2 + 2 * k]) / (2 * h), frames[0].Forces!.Value[0][k], 1e-5);
        }

        double[] stress = frames[0].Stress!.Value.ToVoigt();
        for (int i = 0; i < 6; i++)
        {
            Assert.Equal((energy[7 + 2 * i] - energy[8 + 2 * i]) / (2 * h) / crystal.Volume!.Value, stress[i], 1e-7);
        }
    }

    /// <summary>ASE computes embedded atoms by its own code from the same file.</summary>
    [Fact]
    public void Ase_gives_the_same_energies_and_forces()
    {
        Assert.SkipUnless(TestEffort.IsFull, "Takes a quarter of a minute; runs with ATOMPRONET_TEST=full.");
        SystemLammps.SkipUnlessThere("Al_zhou.eam.alloy");
        SystemPython.SkipUnlessThere("ase", "scipy");
        Structure[] inputs = [.. Enumerable.Range(0, 3).Select(i => Distorted(Aluminium, 10 + i)).Select((s, i) => s.With(lattice: new Lattice(s.Lattice!.Rows * PointGroupTests.Turn(i, 0.5 * i, 1)), positions: s.FractionalPositions, kind: CoordinateKind.Fractional))];
        Frame[] frames = Predict("eam/alloy:Al_zhou.eam.alloy", inputs);
        JsonElement theirs = SystemPython.Run("""
            import numpy as np
            from ase import Atoms
            from ase.calculators.eam import EAM
            result = []
            for s in data:
                a = Atoms(numbers=s['numbers'], cell=np.reshape(s['cell'], (3, 3)), scaled_positions=np.reshape(s['positions'], (-1, 3)), pbc=True)
                a = a.repeat((2, 2, 2))
                a.calc = EAM(potential='/usr/share/lammps/potentials/Al_zhou.eam.alloy')
                e, f = a.get_potential_energy() / 8, a.get_forces()[:len(s['numbers'])]
                stress = []
                for i, j in ((0, 0), (1, 1), (2, 2), (1, 2), (0, 2), (0, 1)):
                    es = []
                    for d in (1e-3, -1e-3):
                        b = a.copy(); x = np.eye(3); x[i, j] += d / 2; x[j, i] += d / 2
                        b.set_cell(a.cell[:] @ x, scale_atoms=True); b.calc = a.calc
                        es.append(b.get_potential_energy())
                    stress.append((es[0] - es[1]) / 2e-3 / a.get_volume())
                result.append(dict(e=float(e), f=f.tolist(), s=stress))
            """, inputs.Select(ForPython));
        for (int i = 0; i < inputs.Length; i++)
        {
            // Both interpolate the tables, by splines of their own.
            Assert.Equal(theirs[i].GetProperty("e").GetDouble(), frames[i].Energy!.Value, 2e-4);
            for (int a = 0; a < 4; a++)
            {
                for (int k = 0; k < 3; k++)
                {
                    Assert.Equal(theirs[i].GetProperty("f")[a][k].GetDouble(), frames[i].Forces!.Value[a][k], 2e-3);
                }
            }

            for (int k = 0; k < 6; k++)
            {
                Assert.Equal(theirs[i].GetProperty("s")[k].GetDouble(), frames[i].Stress!.Value.ToVoigt()[k], 2e-4);
            }
        }
    }

    [Fact]
    public void Batches_processes_and_the_kim_form_give_the_same_numbers()
    {
        SystemLammps.SkipUnlessThere("Si.sw", SystemLammps.StillingerWeber);
        Structure[] inputs = [.. Enumerable.Range(0, 5).Select(i => Distorted(Silicon, 20 + i))];
        Frame[] together = Predict("sw:Si.sw", inputs), apart = Predict("sw:Si.sw", inputs, new() { BatchFrames = 2 }), kim = Predict("kim:" + SystemLammps.StillingerWeber, inputs);
        for (int i = 0; i < inputs.Length; i++)
        {
            Assert.Equal(together[i].Energy!.Value, apart[i].Energy!.Value, 1e-10);
            // The two files round Stillinger and Weber's unit of energy in their own ways: 2.1683 and 2.1682 eV.
            Assert.Equal(together[i].Energy!.Value, kim[i].Energy!.Value, 1e-4 * Math.Abs(kim[i].Energy!.Value));
            Assert.All(together[i].Forces!.Value.Zip(kim[i].Forces!.Value), p => Assert.True((p.First - p.Second).Length < 1e-3));
        }

        // What a frame carried goes along; who labelled it is told, so that two potentials never pass for one.
        Frame given = new Frame(inputs[0]) { Source = new("some.extxyz", 7), ConfigType = "rattled", FreeEnergy = 5, Information = ImmutableSortedDictionary<string, object>.Empty.Add("frame_id", "x7") };
        Frame labelled = Run("sw:Si.sw", [given]).Single().Prediction!;
        Assert.Equal((new FrameSource("some.extxyz", 7), "rattled", LabelOrigin.Predicted, "x7"), (labelled.Source, labelled.ConfigType, labelled.Origin, labelled.Information["frame_id"]));
        Assert.Null(labelled.FreeEnergy);
        Assert.Equal("Si.sw", labelled.Information["potential"]);
        Assert.NotEqual(labelled.Method!.Potentials["Si"], kim[0].Method!.Potentials["Si"]);
        Assert.Equal("LAMMPS", labelled.Method.Code);
        Assert.NotNull(labelled.Method.Version);
    }

    [Fact]
    public void Units_real_come_out_in_electronvolts()
    {
        SystemLammps.SkipUnlessThere();
        using var work = new TemporaryFolder();
        // One potential twice: ε in eV and in kcal/mol.
        string metal = work.Write("metal.lj", "pair_style lj/cut 6.0\npair_coeff * * 0.1 2.5\n"), real = work.Write("real.lj", FormattableString.Invariant($"pair_style lj/cut 6.0\npair_coeff * * {0.1 * 23.060547830619026:R} 2.5\n"));
        Structure[] inputs = [Distorted(Aluminium, 30), new(null, [Element.FromSymbol("Al"), Element.FromSymbol("Al")], [Vector3D.Zero, new(1, 2, 1.5)], CoordinateKind.Cartesian)];
        Frame[] a = Predict($"commands:{metal}?elements=Al", inputs), b = Predict($"commands/real:{real}?elements=Al", inputs);
        for (int i = 0; i < 2; i++)
        {
            Assert.Equal(a[i].Energy!.Value, b[i].Energy!.Value, Math.Abs(a[i].Energy!.Value) * 1e-6);
            Assert.All(a[i].Forces!.Value.Zip(b[i].Forces!.Value), p => Assert.True((p.First - p.Second).Length < 1e-6 * (1 + p.First.Length)));
        }

        Assert.All(a[0].Stress!.Value.ToVoigt().Zip(b[0].Stress!.Value.ToVoigt()), p => Assert.Equal(p.First, p.Second, 1e-6));
        // Two atoms by hand: 4ε[(σ/r)¹² − (σ/r)⁶] at r² = 7.25; no cell, no stress.
        double s6 = Math.Pow(2.5 * 2.5 / 7.25, 3);
        Assert.Equal(0.4 * (s6 * s6 - s6), a[1].Energy!.Value, 1e-12);
        Assert.Null(a[1].Stress);
    }

    [Fact]
    public void Charges_come_with_the_labels()
    {
        SystemLammps.SkipUnlessThere("AlO.streitz", "AlO.eam.alloy", "ffield.comb3");
        Frame alumina = Predict("streitz:AlO.streitz,AlO.eam.alloy", [Corundum]).Single();
        Assert.Equal(0, alumina.Charges!.Value.Sum(), 1e-6);
        // Streitz and Mintmire, Phys. Rev. B 50, 11996 (1994): the charges of corundum are +2.9 and −1.9 e.
        Assert.All(alumina.Charges.Value.Take(12), q => Assert.InRange(q, 2.7, 3.1));
        Assert.All(alumina.Charges.Value.Skip(12), q => Assert.InRange(q, -2.1, -1.8));
        Frame aluminium = Predict("streitz:AlO.streitz,AlO.eam.alloy", [Aluminium]).Single();
        Assert.All(aluminium.Charges!.Value, q => Assert.Equal(0, q, 1e-9));
        Frame copper = Predict("comb3:ffield.comb3", [Make(Lattice.Cubic(3.615), "Cu 0 0 0", "Cu 0 .5 .5", "Cu .5 0 .5", "Cu .5 .5 0")]).Single();
        Assert.InRange(copper.EnergyPerAtom!.Value, -3.7, -3.4);
    }

    [Fact]
    public void Errors_are_told_as_lammps_tells_them()
    {
        SystemLammps.SkipUnlessThere("Si.sw");
        using var work = new TemporaryFolder();
        work.Write("a.snapcoeff", "");
        work.Write("a.snapparam", "");
        PipelineHost.Run("Get-MPStructure Si -Source Bundled | Export-Structure si.vasp", work.Root);
        string package = Message("snap:a.snapcoeff,a.snapparam", "LammpsPackageMissing");
        Assert.Contains("Unrecognized pair style 'snap' is part of the ML-SNAP package which is not enabled in this LAMMPS binary", package, StringComparison.Ordinal);
        Assert.Contains("PKG_ML-SNAP=on", package, StringComparison.Ordinal);
        Assert.Contains("Last command: pair_style snap", package, StringComparison.Ordinal);
        work.Write("a.pt", "");
        Assert.Contains("pair style 'mace'", Message("mace:a.pt", "LammpsStyleUnknown"), StringComparison.Ordinal);
        Assert.Contains("LAMMPS_POTENTIALS", Message("sw:Nowhere.sw", "PotentialFileMissing"), StringComparison.Ordinal);
        Assert.Equal("PotentialParameterUnknown", Refused("sw:Si.sw?cutoff=3"));
        Assert.Equal("PotentialKindUnknown", Refused("nonsense:Si.sw"));
        Assert.Equal("PotentialTextInvalid", Refused("Si.sw"));
        Assert.Equal("PotentialFilesWrong", Refused("sw:Si.sw,Si.sw"));
        Assert.Equal("PotentialModelWrong", Refused("kim:../x"));
        Assert.Equal("TypeOrderMissing", Refused("commands:a.lmp"));
        Message("kim:No_Such_Model__MO_000000000000_000", "LammpsModelMissing");
        // A file of another kind, one that was cut, and an empty one.
        File.Copy("/usr/share/lammps/potentials/Si.sw", Path.Combine(work.Root, "other.tersoff"));
        work.Write("empty.alloy", "");
        Assert.Contains("Incorrect format in tersoff potential file", Message("tersoff:other.tersoff", "LammpsPotentialFileInvalid"), StringComparison.Ordinal);
        Assert.DoesNotContain("!.", Message("eam/alloy:empty.alloy", "LammpsPotentialFileInvalid"), StringComparison.Ordinal);
        Assert.Equal("LammpsMissing", Assert.Single(PipelineHost.Run("Import-Structure si.vasp | Invoke-LammpsPrediction sw:Si.sw -Lammps no-such-lmp", work.Root).Errors).FullyQualifiedErrorId.Split(',')[0]);

        string Message(string potential, string id)
        {
            PipelineResult result = PipelineHost.Run($"Import-Structure si.vasp | Invoke-LammpsPrediction '{potential}'", work.Root);
            Assert.Empty(result.Output);
            string message = Assert.Single(result.Errors).Exception.Message;
            Assert.Equal(id, result.Errors[0].FullyQualifiedErrorId.Split(',')[0]);
            return message;
        }

        static string Refused(string text) => Assert.Throws<AtomProNetException>(() => LammpsPotential.Parse(text)).ErrorId;
    }

    /// <summary>A funcfl file holds one element and names it by its atomic number; LAMMPS itself takes it for any.</summary>
    [Fact]
    public void A_file_of_one_element_is_not_taken_for_another()
    {
        SystemLammps.SkipUnlessThere("Cu_u3.eam", "Ni_u3.eam");
        Structure copper = Make(Lattice.Cubic(3.615), "Cu 0 0 0", "Cu 0 .5 .5", "Cu .5 0 .5", "Cu .5 .5 0"), alloy = Make(Lattice.Cubic(3.615), "Cu 0 0 0", "Ni 0 .5 .5", "Cu .5 0 .5", "Cu .5 .5 0");
        PredictionResult[] results = [.. Run("eam:Cu_u3.eam", new[] { copper, Aluminium, alloy }.Select(s => new Frame(s)))];
        // S. M. Foiles, M. I. Baskes and M. S. Daw, Phys. Rev. B 33, 7983 (1986): the sublimation energy of copper is 3.54 eV.
        Assert.Equal(-3.54, results[0].Prediction!.EnergyPerAtom!.Value, 0.01);
        Assert.Equal(["ElementWithoutType", "ElementWithoutType"], results.Skip(1).Select(r => r.Error?.ErrorId));
        Assert.True(Run("eam:Cu_u3.eam,Ni_u3.eam?elements=Cu,Ni", [new Frame(alloy)]).Single().Prediction is not null);
        Assert.Equal("PotentialElementContradicts", Assert.Throws<AtomProNetException>(() => LammpsPotential.Parse("eam:Cu_u3.eam,Ni_u3.eam?elements=Ni,Cu").Located(f => f)).ErrorId);
        // A file that names no element is for one element all the same.
        using var work = new TemporaryFolder();
        string nameless = work.Write("x.funcfl", "comment\n0 63.55 3.615 FCC\n");
        Assert.Equal("PotentialFilesWrong", Assert.Throws<AtomProNetException>(() => LammpsPotential.Parse("eam:" + nameless).Located(f => f).TypesOf([alloy])).ErrorId);
    }

    /// <summary>What C prints of energies without bound, -nan and inf, is an error that names the frame.</summary>
    [Fact]
    public void Atoms_in_one_place_have_no_energy()
    {
        SystemLammps.SkipUnlessThere("Si.sw");
        using var work = new TemporaryFolder();
        string lj = work.Write("a.lj", "pair_style lj/cut 6.0\npair_coeff * * 0.1 2.5\n");
        Structure bad = Make(Lattice.Cubic(5.43), "Si 0 0 0", "Si 0 0 0");
        foreach (string potential in new[] { "sw:Si.sw", $"commands:{lj}?elements=Si" })
        {
            PredictionResult[] results = [.. Run(potential, new[] { Silicon, bad, Silicon }.Select(s => new Frame(s)))];
            Assert.Equal("EnergyNotFinite", results[1].Error!.ErrorId);
            Assert.Contains("frame 2 (Si2)", results[1].Error!.Message, StringComparison.Ordinal);
            Assert.Equal(results[0].Prediction!.Energy!.Value, results[2].Prediction!.Energy!.Value, 1e-9);
        }
    }

    [Fact]
    public void One_bad_frame_does_not_spoil_the_others()
    {
        SystemLammps.SkipUnlessThere("Si.sw");
        Structure bad = Make(Lattice.Cubic(5.43), "Si 0 0 0", "Si 0 0 0", "Si .5 .5 .5");
        Structure[] inputs = [Silicon, bad, Corundum, SiliconPrimitive, bad];
        PredictionResult[] results = [.. Run("sw:Si.sw", inputs.Select(s => new Frame(s)))];
        Assert.Equal([true, false, false, true, false], results.Select(r => r.Prediction is not null));
        Assert.Equal("LammpsElementMissing", results[2].Error!.ErrorId);
        Assert.Contains("frame 3 (Al12O18)", results[2].Error!.Message, StringComparison.Ordinal);
        Assert.Equal(results[0].Prediction!.EnergyPerAtom!.Value, results[3].Prediction!.EnergyPerAtom!.Value, 1e-8);
    }

    [Fact]
    public void Relaxed_frames_are_at_rest_in_their_own_axes()
    {
        SystemLammps.SkipUnlessThere(SystemLammps.Mishin, "Si.sw");
        Structure stretched = StrainSeries.Strain(Aluminium, new(new(0.02, 0.01, 0), new(0.01, -0.02, 0.005), new(0, 0.005, 0.01)));
        stretched = stretched.With(lattice: new Lattice(stretched.Lattice!.Rows * PointGroupTests.Turn(0.3, 1, 2)), positions: stretched.FractionalPositions, kind: CoordinateKind.Fractional);
        Frame cell = Predict("kim:" + SystemLammps.Mishin, [stretched], new() { Relaxation = Relaxation.Cell }).Single();
        // Mishin, Farkas, Mehl and Papaconstantopoulos, Phys. Rev. B 59, 3393 (1999): a₀ = 4.05 Å, E₀ = −3.36 eV.
        Assert.Equal(4.05, Math.Cbrt(cell.Structure.Volume!.Value), 1e-3);
        Assert.Equal(-3.36, cell.EnergyPerAtom!.Value, 1e-3);
        Assert.All(cell.Stress!.Value.ToGigapascal(), s => Assert.Equal(0, s, 1e-4));
        Assert.All(new[] { cell.Structure.Lattice!.Angles.X, cell.Structure.Lattice.Angles.Y, cell.Structure.Lattice.Angles.Z }, angle => Assert.Equal(90, angle, 1e-3));
        Frame ions = Predict("sw:Si.sw", [Distorted(Silicon, 40)], new() { Relaxation = Relaxation.Ions }).Single();
        Assert.InRange(ions.MaximumForce!.Value, 0, 1e-4);
        Assert.Equal(Distorted(Silicon, 40).Lattice, ions.Structure.Lattice);
        Assert.Equal("Relaxation", ions.Structure.Provenance!.Operation);
    }

    [Fact]
    public void Predictions_are_measured_against_references()
    {
        SystemLammps.SkipUnlessThere("Si.sw", "Si.tersoff");
        using var work = new TemporaryFolder();
        Frame[] reference = Predict("sw:Si.sw", [.. Enumerable.Range(0, 3).Select(i => Distorted(Silicon, 50 + i))]);
        PipelineResult labelled = PipelineHost.Run("Invoke-LammpsPrediction tersoff:Si.tersoff", work.Root, new() { Input = reference });
        Assert.Empty(labelled.Errors);
        MlipError[] errors = [.. MlipErrors.Measure(FrameMatching.ByOrder(reference, labelled.Output.Cast<Frame>()))];
        Assert.Equal(3, errors.Single(e => e.Quantity == ErrorQuantity.EnergyPerAtom).Count);
        Assert.InRange(errors.Single(e => e.Quantity == ErrorQuantity.ForceComponent).RMSE!.Value, 0.01, 3);
        Assert.Empty(PipelineHost.Run("Invoke-LammpsPrediction sw:Si.sw -WhatIf", work.Root, new() { Input = reference }).Output);
    }

    [Fact]
    public void Stopping_ends_lammps()
    {
        SystemLammps.SkipUnlessThere("Si.tersoff");
        using var source = new CancellationTokenSource();
        string folders = Path.Combine(Path.GetTempPath());
        int before = Directory.GetDirectories(folders, "atompronet-lammps-*").Length;
        Structure big = Supercell.Repeat(Silicon, 10, 10, 10);
        var options = new PredictionOptions { Relaxation = Relaxation.Ions, Progress = _ => source.Cancel() };
        Assert.Throws<OperationCanceledException>(() => LammpsPrediction.Run([new Frame(Distorted(big, 60))], LammpsPotential.Parse("tersoff:Si.tersoff").Located(f => f), options, source.Token).ToList());
        Assert.True(Directory.GetDirectories(folders, "atompronet-lammps-*").Length <= before + 1);
    }

    internal static Structure Distorted(Structure s, int seed)
    {
        var random = new Random(seed);
        Matrix3x3 strain = new(SyntheticFrames.Vector(random, 0.03), SyntheticFrames.Vector(random, 0.03), SyntheticFrames.Vector(random, 0.03));
        Structure strained = StrainSeries.Strain(s, strain);
        return strained.With(positions: [.. strained.CartesianPositions.Select(p => p + SyntheticFrames.Vector(random, 0.1))], kind: CoordinateKind.Cartesian);
    }

    private static PredictionResult[] Run(string potential, IEnumerable<Frame> frames, PredictionOptions? options = null) =>
        [.. LammpsPrediction.Run(frames, LammpsPotential.Parse(potential).Located(f => f), options)];

    internal static Frame[] Predict(string potential, IEnumerable<Structure> structures, PredictionOptions? options = null) =>
        [.. Run(potential, structures.Select(s => new Frame(s)), options).Select(r => r.Error is { } e ? throw e : r.Prediction!)];
}
