using System.Globalization;
using AtomProNet.Formats.ExtendedXyz;

namespace AtomProNet.Datasets.Training;

/// <summary>The <c>--config</c> file of mace_run_train.</summary>
internal static class MaceConfiguration
{
    public static ConfigurationMap Of(TrainingPlan plan)
    {
        LabelKeys keys = LabelKeys.Of(plan.KeyStyle);
        var energies = new ConfigurationMap();
        foreach ((Structures.Element element, double energy) in plan.ReferenceEnergies.Energies)
        {
            energies.Add(element.Number.ToString(CultureInfo.InvariantCulture), energy);
        }

        bool twoStages = plan.Schedule == LossSchedule.TwoStage;
        LossWeights first = plan.FirstWeights, last = plan.LastWeights;
        var map = new ConfigurationMap
        {
            ["name"] = plan.Options.Name,
            ["seed"] = plan.Options.Seed,
            ["model"] = "MACE",
            ["r_max"] = plan.CutoffRadius,
            ["num_channels"] = 128,
            ["max_L"] = 1,
            ["num_interactions"] = 2,
            ["correlation"] = 3,
            ["E0s"] = energies,
            ["train_file"] = plan.FileOf(DatasetPart.Train),
            ["valid_file"] = plan.FileOf(DatasetPart.Validation),
        };
        map.AddIf(plan.HasTest, "test_file", plan.FileOf(DatasetPart.Test));
        map.Add("energy_key", keys.Energy);
        map.Add("forces_key", keys.Forces);
        map.AddIf(plan.WithStress, "stress_key", keys.Stress);

        // The default loss (weighted) trains no stress, whatever the file holds.
        map.Add("loss", plan.WithStress ? "stress" : "weighted");
        map.AddIf(plan.WithStress, "compute_stress", true);
        map.Add("energy_weight", first.Energy);
        map.Add("forces_weight", first.Force);
        map.AddIf(plan.WithStress, "stress_weight", first.Stress);
        if (twoStages)
        {
            map.Add("stage_two", true);
            map.Add("start_stage_two", plan.SecondStageEpoch);
            map.Add("stage_two_energy_weight", last.Energy);
            map.Add("stage_two_forces_weight", last.Force);
            map.AddIf(plan.WithStress, "stage_two_stress_weight", last.Stress);
        }

        map.Add("error_table", plan.WithStress ? "PerAtomRMSEstressvirials" : "PerAtomRMSE");
        map.Add("batch_size", plan.BatchSize);
        map.Add("valid_batch_size", plan.BatchSize);
        map.Add("max_num_epochs", plan.EpochCount);
        map.Add("ema", true);
        map.Add("ema_decay", 0.99);
        map.Add("amsgrad", true);
        map.Add("default_dtype", "float64");
        map.Add("device", plan.Options.Device == TrainingDevice.Gpu ? "cuda" : "cpu");
        map.Add("restart_latest", true);
        map.Add("save_cpu", true);
        return map;
    }
}
