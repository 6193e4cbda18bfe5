using System.Diagnostics;
using System.Text.Json;
using AtomProNet.Cli;
using AtomProNet.Datasets;
using AtomProNet.Datasets.Training;
using AtomProNet.Serialization;
using AtomProNet.Structures;
using AtomProNet.Tests.Datasets.Checks;

namespace AtomProNet.Tests.Datasets.Training;

public sealed class NewMlipTrainingInputTests : IDisposable
{
    // Reads a written configuration with PyYAML or json, and holds every key against the lists of the frameworks' documentation by a walk of its own.
    private const string Walk = """
        import os, yaml
        def lists(files):
            sections, at = {}, None
            for f in files:
                for line in open(f, encoding='utf-8'):
                    line = line.rstrip('\n')
                    if not line or line[0] == '#': continue
                    if line[0] == '[': at = sections.setdefault(line[1:-1], {})
                    else: at[line.split(' ')[0]] = line.split(' ', 1)[1] if ' ' in line else ''
            return sections
        def unknown(node, section, path, sections):
            if section not in sections: return [path + ' (' + section + ')']
            bad = []
            for k, v in node.items():
                if k == '_target_': continue
                where = (path + '.' if path else '') + str(k)
                if k not in sections[section]: bad.append(where); continue
                if sections[section][k] == '*': continue
                for i in (v if isinstance(v, list) else [v]):
                    if isinstance(i, dict):
                        s = '@' + i['_target_'] if '_target_' in i else section + '.' + k if section + '.' + k in sections else where
                        bad += unknown(i, s, where, sections)
            return bad
        text = open(data['file'], encoding='utf-8').read()
        config = json.loads(text) if data['file'].endswith('.json') else yaml.safe_load(text)
        bad = unknown(config, '', '', lists(data['keys']))
        """;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("Mace", "mace.yaml")]
    [InlineData("NequIP", "nequip.yaml")]
    [InlineData("Allegro", "allegro.yaml")]
    [InlineData("DeepMD", "input.json")]
    public void Every_key_is_one_that_the_framework_documents(string framework, string file)
    {
        SystemPython.SkipUnlessThere("yaml");
        Export(Split());
        foreach (string schedule in new[] { "SingleStage", "TwoStage" })
        {
            MlipTrainingInput input = Make($"set.extxyz {framework} -Schedule {schedule} -Force");
            Assert.Equal(file, input.ConfigurationFile);
            JsonElement config = Read(input, "result = [bad, config]");
            Assert.Empty(config[0].EnumerateArray());
            Assert.True(config[1].EnumerateObject().Count() >= 4);
        }
    }

    [Fact]
    public void Mace_reads_the_labels_under_the_names_that_its_configuration_gives()
    {
        SystemPython.SkipUnlessThere("ase");
        Frame[] frames = Export(Split());
        MlipTrainingInput input = Make("set.extxyz Mace");
        JsonElement found = Read(input, """
            from ase.io import read
            root = os.path.dirname(data['file'])
            result = []
            for part in ('train_file', 'valid_file', 'test_file'):
                for a in read(os.path.join(root, config[part]), ':'):
                    result.append([a.info['frame_id'], a.info[config['energy_key']], a.arrays[config['forces_key']].ravel().tolist(),
                                   a.info[config['stress_key']].tolist() if config['stress_key'] in a.info else None, a.info.get('config_type'), a.calc is None])
            """);
        Assert.Equal(frames.Length, found.GetArrayLength());
        var byEnergy = frames.ToLookup(f => f.FreeEnergy!.Value);
        foreach (JsonElement row in found.EnumerateArray())
        {
            Frame frame = byEnergy[row[1].GetDouble()].First(f => f.Forces!.Value.SelectMany(v => new[] { v.X, v.Y, v.Z }).SequenceEqual(Numbers(row[2])));
            Assert.Equal(frame.Stress?.ToMatrix().ToRowMajor(), row[3].ValueKind == JsonValueKind.Null ? null : Numbers(row[3]));
            Assert.Equal(frame.Structure.AtomCount == 1 ? "IsolatedAtom" : null, row[4].GetString());
            Assert.True(row[5].GetBoolean(), "ASE has taken the labels for its own.");
        }
    }

    [Theory]
    [InlineData("NequIP")]
    [InlineData("Allegro")]
    public void NequIP_finds_what_ASE_makes_of_the_file_and_nothing_else(string framework)
    {
        SystemPython.SkipUnlessThere("ase");
        Frame[] frames = [.. Export(Split().Select(f => f with { MagneticMoments = [.. f.Structure.Species.Select(_ => 0.5)], TotalMagneticMoment = 1, EnergySigmaToZero = f.FreeEnergy + 0.1 })).Where(f => f.Structure.AtomCount > 1)];
        MlipTrainingInput input = Make($"set.extxyz {framework}");
        JsonElement found = Read(input, """
            from ase.io import read
            root = os.path.dirname(data['file'])
            result = []
            for part in ('train_file_path', 'val_file_path', 'test_file_path'):
                for a in read(os.path.join(root, config['data'][part]), ':', **config['data']['ase_args']):
                    result.append([sorted(a.calc.results), a.calc.results['energy'], len(a), a.calc.results['stress'].tolist()])
            """);
        Assert.Equal(frames.Length, found.GetArrayLength());
        Assert.All(found.EnumerateArray(), row => Assert.Equal(["energy", "forces", "stress"], row[0].EnumerateArray().Select(e => e.GetString())));
        Assert.Equal(frames.Select(f => f.FreeEnergy!.Value).Order(), found.EnumerateArray().Select(r => r[1].GetDouble()).Order());
        JsonElement config = Read(input, "result = config");
        Assert.Equal(["O", "Mg"], Get(config, "training_module.model.type_names").EnumerateArray().Select(e => e.GetString()));
        Assert.Equal(-2.5, Get(config, "training_module.model.per_type_energy_shifts.O").GetDouble());
        Assert.Equal(-1.5, Get(config, "training_module.model.per_type_energy_shifts.Mg").GetDouble());
        Assert.EndsWith("EnergyForceStressLoss", Get(config, "training_module.loss._target_").GetString(), StringComparison.Ordinal);
        Assert.Equal(framework == "Allegro" ? "allegro.model.AllegroModel" : "nequip.model.NequIPGNNModel", Get(config, "training_module.model._target_").GetString());
    }

    [Fact]
    public void DeePMD_gets_systems_of_its_own_and_prefactors_in_its_units()
    {
        SystemPython.SkipUnlessThere("numpy");
        Frame[] frames = [.. Export(Split().Where(f => !CleanSet.IsOf(f, "wurtzite"))).Where(f => f.Structure.AtomCount > 1)];
        MlipTrainingInput input = Make("set.extxyz DeepMD -Schedule SingleStage -EnergyWeight 2 -ForceWeight 3 -StressWeight 5");
        JsonElement found = Read(input, """
            import numpy as np, glob
            root = os.path.dirname(data['file'])
            result = dict(energies=[], volumes=[], atoms=[], config=config)
            for part in ('train', 'validation', 'test'):
                for s in glob.glob(os.path.join(root, part, '*', 'set.000')):
                    n = len(open(os.path.join(s, '..', 'type.raw')).read().split())
                    e = np.load(os.path.join(s, 'energy.npy')).ravel()
                    result['energies'] += e.tolist()
                    if part == 'train':
                        result['atoms'] += [n] * len(e)
                        result['volumes'] += np.abs(np.linalg.det(np.load(os.path.join(s, 'box.npy')).reshape(-1, 3, 3))).tolist()
            n, v = np.mean(result['atoms']), np.mean(result['volumes'])
            result['prefactors'] = [2 / n, 3, 5 * n / v ** 2]
            """);
        Assert.Equal(frames.Select(f => f.FreeEnergy!.Value).Order(), Numbers(found.GetProperty("energies")).Order());
        JsonElement loss = found.GetProperty("config").GetProperty("loss");
        double[] expected = Numbers(found.GetProperty("prefactors"));
        foreach ((string name, int i) in new[] { ("e", 0), ("f", 1), ("v", 2) })
        {
            Assert.Equal(expected[i], loss.GetProperty($"start_pref_{name}").GetDouble(), expected[i] * 1e-9);
            Assert.Equal(expected[i], loss.GetProperty($"limit_pref_{name}").GetDouble(), expected[i] * 1e-9);
        }

        Assert.Equal([-2.5, -1.5], Numbers(Get(found.GetProperty("config"), "model.fitting_net.atom_ener")));
        Assert.Equal(["O", "Mg"], Get(found.GetProperty("config"), "model.type_map").EnumerateArray().Select(e => e.GetString()));
        Assert.Equal(["O", "Mg"], File.ReadAllLines(Directory.GetFiles(Path.Combine(input.FolderPath, "validation"), "type_map.raw", SearchOption.AllDirectories)[0]));
    }

    /// <summary>Of its own count of epochs DeePMD-kit 3.1.3 reads nothing with PyTorch; older ones do not know it. A system of n frames has ⌈n/b⌉ batches, with b·N no less than 32.</summary>
    [Theory]
    [InlineData("", 0)]
    [InlineData(" -BatchSize 3", 3)]
    public void DeePMD_is_given_epochs_in_steps(string arguments, int size)
    {
        SystemPython.SkipUnlessThere("numpy");
        Export(Split());
        JsonElement found = Read(Make("set.extxyz DeepMD -EpochCount 7" + arguments), $$"""
            import numpy as np, glob, math
            steps = 0
            for s in glob.glob(os.path.join(os.path.dirname(data['file']), 'train', '*')):
                n = len(open(os.path.join(s, 'type.raw')).read().split())
                steps += math.ceil(len(np.load(os.path.join(s, 'set.000', 'energy.npy'))) / ({{size}} or math.ceil(32 / n)))
            result = [7 * steps, config['training']['numb_steps'], [k for k in config['training'] if 'epoch' in k]]
            """);
        Assert.True(found[0].GetInt64() > 7);
        Assert.Equal(found[0].GetInt64(), found[1].GetInt64());
        Assert.Equal(0, found[2].GetArrayLength());
    }

    [Fact]
    public void DeePMD_takes_no_slab_for_a_molecule()
    {
        Frame[] frames = [.. Split().Select(f => CleanSet.IsOf(f, "wurtzite") ? f.WithStructure(new(f.Structure.Lattice, f.Structure.Species, f.Structure.CartesianPositions, CoordinateKind.Cartesian, new(true, true, false))) with { Stress = null } : f)];
        int slabs = frames.Count(f => CleanSet.IsOf(f, "wurtzite"));
        Export(frames);
        string error = Error("set.extxyz DeepMD x -Force");
        Assert.Contains("DeepMDCannotHold", error, StringComparison.Ordinal);
        Assert.Contains($"{slabs} of {frames.Length - 2} frames", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(folder.Root, "x")));
        Assert.Contains("pbc=\"T T F\"", string.Concat(Directory.GetFiles(Make("set.extxyz Mace y -Force").FolderPath, "*.extxyz").Select(File.ReadAllText)), StringComparison.Ordinal);
    }

    /// <summary>The files of a training hold less than the set that they are made from.</summary>
    [Fact]
    public void A_set_is_not_replaced_by_a_training_that_is_made_from_it()
    {
        Run("Export-TrainingSet own/train.extxyz", [.. Split().Where(f => CleanSet.IsOf(f, "md") || f.Structure.AtomCount == 1)]);
        Run("Export-TrainingSet own/validation -Format DeepMD", [.. Split().Where(f => CleanSet.IsOf(f, "wurtzite"))]);
        string before = File.ReadAllText(Path.Combine(folder.Root, "own", "train.extxyz"));
        string set = "-TrainingSet own/train.extxyz -ValidationSet own/validation -ReferenceEnergy @{Mg=-1.5; O=-2.5} -Force";
        Assert.Contains("SetWouldBeReplaced", Error($"{set} NequIP own"), StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(Path.Combine(folder.Root, "own", "train.extxyz")));
        Assert.Equal(Path.Combine(folder.Root, "own", "below"), Make($"{set} NequIP own/below").FolderPath);
        Assert.Contains("FolderIsRoot", Error($"{set} NequIP '{Path.GetPathRoot(folder.Root)}'"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData(@"a\b")]
    public void The_name_of_a_model_is_one_of_files(string name)
    {
        Export(Split());
        Assert.Contains("ModelNameNotUsable", Error($"set.extxyz Mace x -Name '{name}'"), StringComparison.Ordinal);
        Assert.Contains("\nname: \"Öl 2\"\n", Text(Make("set.extxyz Mace y -Name 'Öl 2'"), "mace.yaml"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_decimal_comma_is_shown_as_it_was_given()
    {
        Export(Split());
        string error = Error("set.extxyz Mace x -ReferenceEnergy @{Mg=-1,5; O=-2.5}");
        Assert.Contains("TableValueInvalid", error, StringComparison.Ordinal);
        Assert.Contains("Found: '-1,5'", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Mace_trains_the_stress_where_there_is_one_and_not_where_it_is_left_out()
    {
        Export(Split());
        string with = Text(Make("set.extxyz Mace with"), "mace.yaml"), without = Text(Make("set.extxyz Mace without -NoStress"), "mace.yaml");
        Assert.Contains("\nloss: stress\n", with, StringComparison.Ordinal);
        Assert.Contains("\nstress_key: REF_stress\n", with, StringComparison.Ordinal);
        Assert.Contains("\nstage_two_stress_weight: 10.0\n", with, StringComparison.Ordinal);
        Assert.Contains("\nloss: weighted\n", without, StringComparison.Ordinal);
        Assert.DoesNotContain("stress_key", without, StringComparison.Ordinal);
        Assert.DoesNotContain("REF_stress", File.ReadAllText(Path.Combine(folder.Root, "without", "train.extxyz")), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_wrong_with_the_stress_stops_no_folder_that_leaves_it_out()
    {
        Export(Split().Select(f => f.Virial is { } v ? f with { Stress = new(-v[0, 0], -v[1, 1], -v[2, 2], -v[1, 2], -v[0, 2], -v[0, 1]) } : f));
        Assert.Contains("StressTooLarge", Error("set.extxyz Mace with"), StringComparison.Ordinal);
        Assert.DoesNotContain(Make("set.extxyz Mace without -NoStress").Findings, f => f.Code.Contains("Stress", StringComparison.Ordinal) && f.Severity != FindingSeverity.Information);
    }

    /// <summary>The paper's weights: forces to energy 100 : 1, then 100 : 1000, and Eq. 5 with its two weights.</summary>
    [Fact]
    public void The_presets_are_the_papers()
    {
        Export(Split());
        string two = Text(Make("set.extxyz Mace two -EpochCount 400"), "mace.yaml");
        foreach (string line in new[] { "energy_weight: 1.0", "forces_weight: 100.0", "stage_two: true", "start_stage_two: 300", "stage_two_energy_weight: 1000.0", "stage_two_forces_weight: 100.0", "max_num_epochs: 400" })
        {
            Assert.Contains("\n" + line + "\n", two, StringComparison.Ordinal);
        }

        string one = Text(Make("set.extxyz Mace one -Schedule SingleStage -ForceWeight 25 -StressWeight 7"), "mace.yaml");
        Assert.Contains("\nenergy_weight: 1.0\nforces_weight: 25.0\nstress_weight: 7.0\n", one, StringComparison.Ordinal);
        Assert.DoesNotContain("stage_two", one, StringComparison.Ordinal);
        string nequip = Text(Make("set.extxyz NequIP n -Schedule TwoStage -EpochCount 400"), "nequip.yaml");
        Assert.Contains("      total_energy: 1.0\n      forces: 100.0\n", nequip, StringComparison.Ordinal);
        Assert.Contains("      300:\n        per_atom_energy_mse: 1000.0\n        forces_mse: 100.0\n", nequip, StringComparison.Ordinal);
        Assert.Contains("WeightsOfTwoStages", Error("set.extxyz Mace x -ForceWeight 2"), StringComparison.Ordinal);
    }

    [Fact]
    public void Reference_energies_are_those_of_single_atoms_given_ones_or_refused()
    {
        Export(Split());
        MlipTrainingInput atoms = Make("set.extxyz Mace atoms");
        Assert.Equal(ReferenceEnergyOrigin.IsolatedAtoms, atoms.ReferenceEnergyOrigin);
        Assert.Contains("\nE0s:\n  8: -2.5\n  12: -1.5\n", Text(atoms, "mace.yaml"), StringComparison.Ordinal);
        Assert.Contains("ReferenceEnergyContradicts", Error("set.extxyz Mace x -ReferenceEnergy @{Mg=-1.4; O=-2.5}"), StringComparison.Ordinal);
        Assert.Contains("ReferenceEnergyMissing", Error("set.extxyz Mace x -ReferenceEnergy @{Mg=-1.5}"), StringComparison.Ordinal);
        Assert.Contains("TableKeyNotElement", Error("set.extxyz Mace x -ReferenceEnergy @{Xx=-1.5}"), StringComparison.Ordinal);

        // One composition and no single atoms: nothing to take them from.
        Export(CleanSet.All.Where(f => CleanSet.IsOf(f, "md") || CleanSet.IsOf(f, "wurtzite") || CleanSet.IsOf(f, "npt")), "one.extxyz");
        string error = Error("one.extxyz NequIP x");
        Assert.Contains("ReferenceEnergiesUndetermined", error, StringComparison.Ordinal);
        Assert.Contains("New-IsolatedAtom O,Mg", error, StringComparison.Ordinal);
        Assert.Equal(ReferenceEnergyOrigin.Given, Make("one.extxyz NequIP given -E0 @{Mg=-1; O=-2.0}").ReferenceEnergyOrigin);

        // Single atoms of some elements only.
        Export(Split().Where(f => f.Structure.Composition.Formula != "Mg"), "half.extxyz");
        Assert.Contains("New-IsolatedAtom Mg", Error("half.extxyz Mace x"), StringComparison.Ordinal);
    }

    /// <summary>MACE takes the energies of single atoms that it finds in the file, those alone, and a single atom without an energy for one of 0 eV.</summary>
    [Fact]
    public void Mace_is_left_no_single_atom_that_hides_the_reference_energies_of_its_configuration()
    {
        Export(Split().Where(f => f.Structure.Composition.Formula != "Mg"), "half.extxyz");
        MlipTrainingInput half = Make("half.extxyz Mace half -ReferenceEnergy @{Mg=-1.5; O=-2.5}");
        Assert.Contains("\nE0s:\n  8: -2.5\n  12: -1.5\n", Text(half, "mace.yaml"), StringComparison.Ordinal);
        Assert.DoesNotContain("IsolatedAtom", Text(half, "train.extxyz"), StringComparison.Ordinal);

        Export(Split(), "whole.extxyz");
        string whole = Text(Make("whole.extxyz Mace whole -ReferenceEnergy @{Mg=-1.5; O=-2.5}"), "train.extxyz");
        Assert.Equal(2, whole.Split("config_type=IsolatedAtom").Length - 1);

        // An atom that its images are near to is none of these, whatever it calls itself.
        Frame near = Split().First(f => f.Structure.Composition.Formula == "O");
        near = near.WithStructure(new(Lattice.Cubic(6), near.Structure.Species, near.Structure.CartesianPositions, CoordinateKind.Cartesian)) with { Source = new("/runs/near/OUTCAR", 1) };
        Run("Export-TrainingSet train.extxyz", [.. Split().Where(f => CleanSet.IsOf(f, "md")), near]);
        Run("Export-TrainingSet valid.extxyz", [.. Split().Where(f => CleanSet.IsOf(f, "wurtzite"))]);
        string text = Text(Make("-TrainingSet train.extxyz -ValidationSet valid.extxyz Mace near -ReferenceEnergy @{Mg=-1.5; O=-2.5} -Force"), "train.extxyz");
        Assert.Contains("\n1\nLattice=\"6.0 ", text, StringComparison.Ordinal);
        Assert.DoesNotContain("IsolatedAtom", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Least_squares_serve_where_they_determine_and_say_so()
    {
        Run("Export-TrainingSet a.extxyz", [.. Split().Where(f => CleanSet.IsOf(f, "md") || CleanSet.IsOf(f, "vacancy"))]);
        Run("Export-TrainingSet b.extxyz", [.. Split().Where(f => CleanSet.IsOf(f, "wurtzite"))]);
        PipelineResult result = Run("New-MlipTrainingInput -TrainingSet a.extxyz -ValidationSet b.extxyz Mace");
        Assert.Equal(ReferenceEnergyOrigin.LeastSquares, Assert.IsType<MlipTrainingInput>(Assert.Single(result.Output)).ReferenceEnergyOrigin);
        Assert.Contains(result.Warnings, w => w.Contains("New-IsolatedAtom", StringComparison.Ordinal));
    }

    [Fact]
    public void A_setting_that_the_framework_does_not_know_is_refused_with_its_neighbours()
    {
        Export(Split());
        Assert.Contains("max_num_epochs", Error("set.extxyz Mace x -Setting @{max_epochs=3}"), StringComparison.Ordinal);
        Assert.Contains("ConfigurationValueWrong", Error("set.extxyz Mace x -Setting @{loss='hubber'}"), StringComparison.Ordinal);
        Assert.Contains("ConfigurationKeyUnknown", Error("set.extxyz NequIP x -Setting @{'training_module.optimizer.learning_rate'=0.1}"), StringComparison.Ordinal);
        Assert.Contains("ConfigurationPathWrong", Error("set.extxyz NequIP x -Setting @{'run.first.second'=1}"), StringComparison.Ordinal);
        Assert.Contains("ConfigurationKeyUnknown", Error("set.extxyz DeepMD x -Setting @{'loss.start_pref_x'=0.1}"), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(folder.Root, "x")));
        Assert.Contains("\nnum_channels: 64\n", Text(Make("set.extxyz Mace y -Setting @{num_channels=64}"), "mace.yaml"), StringComparison.Ordinal);
        Assert.Contains("\n    lr: 0.005\n", Text(Make("set.extxyz NequIP z -Setting @{'training_module.optimizer.lr'=0.005}"), "nequip.yaml"), StringComparison.Ordinal);
    }

    /// <summary>MACE would give labels under another name the weight 0; NequIP would not see beyond its neighbour list.</summary>
    [Theory]
    [InlineData("Mace", "energy_key='energy'", "'energy_key' = REF_energy")]
    [InlineData("Mace", "train_file='other.extxyz'", "'train_file' = train.extxyz")]
    [InlineData("Mace", "r_max=6", "-CutoffRadius")]
    [InlineData("NequIP", "'training_module.model.r_max'=7", "-CutoffRadius")]
    [InlineData("Allegro", "'training_module.model.type_names'=('Mg','O')", "'training_module.model.type_names' = O, Mg")]
    [InlineData("DeepMD", "'model.type_map'=('Mg','O')", "'model.type_map' = O, Mg")]
    [InlineData("DeepMD", "'model.descriptor'=@{type='se_e2_a'; sel='auto'}", "-CutoffRadius")]
    public void A_setting_that_contradicts_the_data_is_refused(string framework, string setting, string words)
    {
        Export(Split());
        string error = Error($"set.extxyz {framework} x -Setting @{{{setting}}}");
        Assert.Contains("SettingContradictsData", error, StringComparison.Ordinal);
        Assert.Contains(words, error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(folder.Root, "x")));
    }

    [Fact]
    public void A_setting_may_repeat_what_the_data_are_written_for()
    {
        Export(Split());
        Assert.Contains("\nr_max: 6\n", Text(Make("set.extxyz Mace same -CutoffRadius 6 -Setting @{r_max=6; energy_key='REF_energy'}"), "mace.yaml"), StringComparison.Ordinal);
        Assert.Equal(MlipFramework.DeepMD, Make("set.extxyz DeepMD names -Setting @{'model.type_map'=('O','Mg')}").Framework);
    }

    [Fact]
    public void A_loss_without_weights_and_a_weight_without_stress_do_not_pass_in_silence()
    {
        Export(Split());
        Assert.Contains("LossEmpty", Error("set.extxyz NequIP x -EnergyWeight 0 -ForceWeight 0 -StressWeight 0"), StringComparison.Ordinal);
        Assert.Contains("LossEmpty", Error("set.extxyz NequIP x -EnergyWeight 0 -ForceWeight 0 -NoStress"), StringComparison.Ordinal);
        PipelineResult result = Run("New-MlipTrainingInput set.extxyz NequIP w -StressWeight 10 -NoStress");
        Assert.Contains(result.Warnings, w => w.Contains("-StressWeight is without effect", StringComparison.Ordinal));
    }

    [Fact]
    public void Nothing_in_the_pipeline_is_told_as_such()
    {
        var error = Assert.Single(PipelineHost.Run("New-MlipTrainingInput -Framework Mace", folder.Root, new() { Input = [] }).Errors);
        Assert.StartsWith("TrainingSetMissing,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void What_leaks_was_changed_or_is_in_no_part_is_not_trained_on()
    {
        Frame[] md = [.. CleanSet.All.Where(f => CleanSet.IsOf(f, "md"))];
        Run("Export-TrainingSet a.extxyz", md[..30]);
        Run("Export-TrainingSet b.extxyz", md[30..]);
        Assert.Contains("NeighboursAcrossParts", Error("-TrainingSet a.extxyz -ValidationSet b.extxyz Mace x -E0 @{Mg=-1; O=-2}"), StringComparison.Ordinal);
        Assert.Equal(10, Make("-TrainingSet a.extxyz -ValidationSet b.extxyz Mace forced -E0 @{Mg=-1; O=-2} -Force").ValidationFrameCount);

        Export(Split());
        Assert.Contains("DatasetUnknown", Error("other.extxyz Mace x"), StringComparison.Ordinal);
        Assert.Contains("TrainingSetNotSplit", Error("a.extxyz Mace x"), StringComparison.Ordinal);
        File.AppendAllText(Path.Combine(folder.Root, "set_train.extxyz"), "1\nProperties=species:S:1:pos:R:3 REF_energy=-1.0\nO 0.0 0.0 0.0\n");
        Assert.Contains("DatasetChanged", Error("set.extxyz Mace x"), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(folder.Root, "x")));
    }

    [Fact]
    public void NequIP_is_told_of_missing_stresses_and_refuses_what_it_cannot_batch()
    {
        Export(Split().Select((f, i) => i % 3 == 0 ? f with { Stress = null } : f));
        string text = Text(Make("set.extxyz NequIP a -Force"), "nequip.yaml");
        Assert.Contains("nequip.data.transforms.AddNaNStressTransform", text, StringComparison.Ordinal);
        Assert.Contains("ignore_nan:\n      stress: true", text, StringComparison.Ordinal);
        Export(Split().Select((f, i) => i % 3 == 0 ? f with { Forces = null } : f), "noforces.extxyz");
        Assert.Contains("ForcesNeeded", Error("noforces.extxyz NequIP x -Force"), StringComparison.Ordinal);
        Assert.Equal(MlipFramework.Mace, Make("noforces.extxyz Mace b -Force").Framework);
    }

    /// <summary>The error of no stress at all is 0/0: NequIP would choose the best model by a sum that is NaN in each epoch.</summary>
    [Fact]
    public void The_best_model_of_NequIP_is_chosen_by_what_the_validation_part_has()
    {
        SystemPython.SkipUnlessThere("yaml");
        Frame[] train = [.. Split().Where(f => CleanSet.IsOf(f, "md") || f.Structure.AtomCount == 1)], validation = [.. Split().Where(f => CleanSet.IsOf(f, "wurtzite"))];
        Run("Export-TrainingSet train.extxyz", train);
        Run("Export-TrainingSet valid.extxyz", [.. validation.Select(f => f with { Stress = null })]);
        JsonElement module = Get(Read(Make("-TrainingSet train.extxyz -ValidationSet valid.extxyz NequIP a -Force"), "result = config"), "training_module");
        Assert.Equal(1, Get(module, "loss.coeffs.stress").GetDouble());
        Assert.Equal(1, Get(module, "train_metrics.coeffs.stress_rmse").GetDouble());
        Assert.Equal(JsonValueKind.Null, Get(module, "val_metrics.coeffs.stress_rmse").ValueKind);
        Assert.Equal(1, Get(module, "val_metrics.coeffs.forces_rmse").GetDouble());

        // The other way round there is nothing to train.
        Run("Export-TrainingSet train.extxyz -Force", [.. train.Select(f => f with { Stress = null })]);
        Run("Export-TrainingSet valid.extxyz -Force", validation);
        MlipTrainingInput without = Make("-TrainingSet train.extxyz -ValidationSet valid.extxyz NequIP b -Force");
        Assert.False(without.HasStress);
        Assert.Contains("nequip.train.EnergyForceLoss", Text(without, "nequip.yaml"), StringComparison.Ordinal);
        Assert.DoesNotContain("stress=", Text(without, "validation.extxyz"), StringComparison.Ordinal);
    }

    [Fact]
    public void An_element_that_is_not_trained_on_is_refused()
    {
        Run("Export-TrainingSet a.extxyz", [.. CleanSet.All.Where(f => CleanSet.IsOf(f, "md") || f.Structure.AtomCount == 1)]);
        Element iron = Element.FromSymbol("Fe");
        Run("Export-TrainingSet b.extxyz -Force", [.. CleanSet.All.Where(f => CleanSet.IsOf(f, "rattle")).Select(f => f.WithStructure(new(f.Structure.Lattice, f.Structure.Species.SetItem(0, iron), f.Structure.CartesianPositions, CoordinateKind.Cartesian)))]);
        Assert.Contains("ElementNotTrained", Error("-TrainingSet a.extxyz -ValidationSet b.extxyz Mace x -Force"), StringComparison.Ordinal);
    }

    [Fact]
    public void Files_of_an_export_come_through_the_pipeline_in_any_format()
    {
        PipelineResult result = Run("Export-TrainingSet set -Format DeepMD -TrainFraction 0.7 -ValidationFraction 0.15 -SplitBy Group | New-MlipTrainingInput -Framework Mace -ReferenceEnergy @{Mg=-1.5; O=-2.5}", [.. Split().Where(f => f.Structure.AtomCount > 1)]);
        Assert.True(result.Errors.Count == 0, string.Join('\n', result.Errors));
        var input = Assert.IsType<MlipTrainingInput>(Assert.Single(result.Output));
        Assert.True(input.TrainFrameCount > 10 && input.ValidationFrameCount > 0 && input.TestFrameCount > 0);
        Assert.Contains("REF_stress=", File.ReadAllText(Path.Combine(input.FolderPath, "train.extxyz")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_a_set_survives_as_text()
    {
        Export(Split());
        PipelineResult result = Run("Export-TrainingSet again -Format DeepMD", [.. Split()]);
        Assert.All(result.Output, o =>
        {
            var file = (TrainingSetFile)o!;
            var back = (TrainingSetFile)ObjectJson.Read(ObjectJson.Write(file), typeof(TrainingSetFile));
            Assert.Equal(file with { Files = [] }, back with { Files = [] });
            Assert.Equal(file.Files, back.Files);
        });
    }

    [Fact]
    public void Results_are_not_lost_and_WhatIf_writes_nothing()
    {
        Export(Split());
        Run("New-MlipTrainingInput set.extxyz Mace -WhatIf");
        Assert.False(Directory.Exists(Path.Combine(folder.Root, "mace")));
        Make("set.extxyz Mace");
        Assert.Contains("FolderExists", Error("set.extxyz Mace"), StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(folder.Root, "mace", "notes.txt"), "mine");
        Make("set.extxyz Mace -Force");
        Assert.True(File.Exists(Path.Combine(folder.Root, "mace", "notes.txt")));
        Directory.CreateDirectory(Path.Combine(folder.Root, "mace", "checkpoints"));
        Assert.Contains("FolderHoldsResults", Error("set.extxyz Mace -Force"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Mace", "mace_run_train '--config' mace.yaml")]
    [InlineData("NequIP", "nequip-train '-cn' nequip.yaml")]
    [InlineData("Allegro", "nequip-train '-cn' allegro.yaml")]
    [InlineData("DeepMD", "dp '--pt' train input.json")]
    public void The_job_script_is_a_script_that_starts_the_framework(string framework, string command)
    {
        Export(Split());
        MlipTrainingInput input = Make($"set.extxyz {framework} -WallTime 2:00:00 -Partition gpu -Module cuda/12");
        string script = Text(input, input.JobScript!);
        Assert.Contains(command, script, StringComparison.Ordinal);
        Assert.Contains("#SBATCH --gres=gpu:1\n#SBATCH --partition=gpu\n", script, StringComparison.Ordinal);
        Assert.Contains("module load cuda/12\n", script, StringComparison.Ordinal);
        Assert.DoesNotContain("{{", script, StringComparison.Ordinal);
        Assert.DoesNotContain("gres", Text(Make($"set.extxyz {framework} cpu -Device Cpu"), "job.sh"), StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            using var bash = Process.Start(new ProcessStartInfo("bash", ["-n", Path.Combine(input.FolderPath, "job.sh")]))!;
            bash.WaitForExit();
            Assert.Equal(0, bash.ExitCode);
        }

        Assert.Null(Make($"set.extxyz {framework} none -NoJobScript").JobScript);
    }

    // A few frames of each trajectory, which a split by group leaves whole, and the single atoms.
    private static IEnumerable<Frame> Split() => CleanSet.All.Where(f => f.Source!.Step <= 9 && new[] { "md", "npt", "wurtzite", "vacancy", "atom" }.Any(n => CleanSet.IsOf(f, n)));

    private Frame[] Export(IEnumerable<Frame> frames, string name = "set.extxyz")
    {
        Frame[] all = [.. frames];
        PipelineResult result = Run($"Export-TrainingSet {name} -TrainFraction 0.6 -ValidationFraction 0.2 -SplitBy Group -Seed 1 -Force", all);
        Assert.Empty(result.Errors);
        return all;
    }

    private PipelineResult Run(string command, params Frame[] input) => PipelineHost.Run(command, folder.Root, input.Length > 0 ? new() { Input = input } : null);

    private MlipTrainingInput Make(string arguments)
    {
        PipelineResult result = Run("New-MlipTrainingInput " + arguments);
        Assert.True(result.Errors.Count == 0, string.Join('\n', result.Errors));
        return Assert.IsType<MlipTrainingInput>(Assert.Single(result.Output));
    }

    private string Error(string arguments)
    {
        PipelineResult result = Run("New-MlipTrainingInput " + arguments);
        Assert.Empty(result.Output);
        return string.Join('\n', result.Errors.Select(e => $"{e.FullyQualifiedErrorId}: {e}"));
    }

    private static JsonElement Read(MlipTrainingInput input, string script)
    {
        string[] keys = input.Framework switch { MlipFramework.Mace => ["mace-keys.txt"], MlipFramework.NequIP => ["nequip-keys.txt"], MlipFramework.Allegro => ["nequip-keys.txt", "allegro-keys.txt"], _ => ["deepmd-keys.txt"] };
        return SystemPython.Run(Walk + "\n" + script, new { file = Path.Combine(input.FolderPath, input.ConfigurationFile), keys = keys.Select(k => Repository.File("src", "AtomProNet", "Datasets", "Training", "Data", k)) });
    }

    private static string Text(MlipTrainingInput input, string file) => File.ReadAllText(Path.Combine(input.FolderPath, file));

    private static JsonElement Get(JsonElement element, string path) => path.Split('.').Aggregate(element, (at, name) => at.GetProperty(name));

    private static double[] Numbers(JsonElement list) => [.. list.EnumerateArray().Select(e => e.GetDouble())];
}
