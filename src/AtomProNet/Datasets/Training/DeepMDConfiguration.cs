namespace AtomProNet.Datasets.Training;

/// <summary>The input.json of DeePMD-kit, for its PyTorch backend.</summary>
internal static class DeepMDConfiguration
{
    private const long DefaultSteps = 1_000_000;

    // "auto": as many frames as have this many atoms at least.
    private const int AtomsOfABatch = 32;

    public static ConfigurationMap Of(TrainingPlan plan)
    {
        int seed = plan.Options.Seed;
        object?[] energies = [.. plan.ReferenceEnergies.Energies.Values];
        LossWeights first = Prefactors(plan, plan.FirstWeights), last = Prefactors(plan, plan.LastWeights);
        var training = new ConfigurationMap
        {
            ["training_data"] = new ConfigurationMap { ["systems"] = plan.FileOf(DatasetPart.Train), ["batch_size"] = plan.Options.BatchSize is { } size ? size : "auto" },
            ["validation_data"] = new ConfigurationMap { ["systems"] = plan.FileOf(DatasetPart.Validation), ["batch_size"] = plan.Options.BatchSize is { } same ? same : "auto", ["numb_btch"] = 10 },
        };
        // In steps, also where epochs are asked for: num_epoch is known from 3.1.3 on, whose PyTorch backend then looks for it under another name and stops.
        training.Add("numb_steps", plan.Options.EpochCount is { } epochs ? epochs * plan.Data.Systems.Sum(s => BatchCount(plan, s.Atoms, s.Frames)) : DefaultSteps);
        training.Add("seed", seed);
        training.Add("disp_file", "lcurve.out");
        training.Add("disp_freq", 1000);
        training.Add("save_freq", 10_000);
        training.Add("save_ckpt", "model.ckpt");
        return new()
        {
            ["model"] = new ConfigurationMap
            {
                ["type_map"] = plan.Data.Elements.Select(e => (object?)e.Symbol).ToArray(),
                ["descriptor"] = new ConfigurationMap
                {
                    ["type"] = "se_e2_a",
                    ["rcut"] = plan.CutoffRadius,
                    ["rcut_smth"] = 0.5,
                    ["sel"] = "auto",
                    ["neuron"] = new object?[] { 25, 50, 100 },
                    ["axis_neuron"] = 16,
                    ["type_one_side"] = true,
                    ["resnet_dt"] = false,
                    // Asked for where reference energies are set.
                    ["set_davg_zero"] = true,
                    ["seed"] = seed,
                },
                ["fitting_net"] = new ConfigurationMap
                {
                    ["type"] = "ener",
                    ["neuron"] = new object?[] { 240, 240, 240 },
                    ["resnet_dt"] = true,
                    ["atom_ener"] = energies,
                    ["seed"] = seed,
                },
                ["preset_out_bias"] = new ConfigurationMap { ["energy"] = energies },
            },
            ["learning_rate"] = new ConfigurationMap { ["type"] = "exp", ["start_lr"] = 0.001, ["stop_lr"] = 1e-8, ["decay_steps"] = 5000 },
            ["loss"] = new ConfigurationMap
            {
                ["type"] = "ener",
                ["start_pref_e"] = first.Energy,
                ["limit_pref_e"] = last.Energy,
                ["start_pref_f"] = first.Force,
                ["limit_pref_f"] = last.Force,
                ["start_pref_v"] = plan.WithStress ? first.Stress : 0.0,
                ["limit_pref_v"] = plan.WithStress ? last.Stress : 0.0,
            },
            ["training"] = training,
        };
    }

    // The batches of a system; none holds frames of another one.
    private static long BatchCount(TrainingPlan plan, int atoms, int frames)
    {
        int size = plan.Options.BatchSize ?? ((AtomsOfABatch + atoms - 1) / atoms);
        return (frames + size - 1) / size;
    }

    /// <summary>
    /// DeePMD's loss has (ΔE)²/N and, with Ξ = −σV, (ΔΞ)²/N where Eq. 5 has (ΔE/N)² and (Δσ)²: the prefactors are w_e/N and w_s·N/V², with the means
    /// of the training part.
    /// </summary>
    public static LossWeights Prefactors(TrainingPlan plan, LossWeights weights)
    {
        double atoms = plan.Data.Atoms.Mean;
        return new(weights.Energy / atoms, weights.Force, plan.Data.MeanVolume is { } volume ? weights.Stress * atoms / (volume * volume) : 0);
    }
}
