namespace AtomProNet.Datasets.Training;

/// <summary>The configuration of nequip-train, for NequIP's own model and for Allegro's.</summary>
internal static class NequIPConfiguration
{
    private const string Monitor = "val0_epoch/weighted_sum";

    public static ConfigurationMap Of(TrainingPlan plan) => new()
    {
        ["run"] = plan.HasTest ? new object?[] { "train", "test" } : ["train"],
        ["data"] = Data(plan),
        ["trainer"] = Trainer(plan),
        ["training_module"] = TrainingModule(plan),
    };

    private static object?[] Symbols(TrainingPlan plan) => [.. plan.Data.Elements.Select(e => e.Symbol)];

    // Some frames with a stress and some without make no batch, unless the missing ones are filled with NaN, which loss and metrics then pass over.
    private static bool FillsStress(TrainingPlan plan) => plan.WithStress && plan.Data.WithStress < plan.Data.FrameCount;

    private static ConfigurationMap Data(TrainingPlan plan)
    {
        var transforms = new List<object?>();
        if (plan.Data.WithoutCell > 0)
        {
            // Has to come before the neighbour list.
            transforms.Add(Target("nequip.data.transforms.NonPeriodicCellTransform"));
        }

        transforms.Add(Target("nequip.data.transforms.ChemicalSpeciesToAtomTypeMapper", ("model_type_names", Symbols(plan))));
        transforms.Add(Target("nequip.data.transforms.NeighborListTransform", ("r_max", plan.CutoffRadius)));
        if (FillsStress(plan))
        {
            transforms.Add(Target("nequip.data.transforms.AddNaNStressTransform"));
        }

        ConfigurationMap data = Target("nequip.data.datamodule.ASEDataModule", ("seed", plan.Options.Seed), ("train_file_path", plan.FileOf(DatasetPart.Train)), ("val_file_path", plan.FileOf(DatasetPart.Validation)));
        data.AddIf(plan.HasTest, "test_file_path", plan.FileOf(DatasetPart.Test));
        data.Add("ase_args", new ConfigurationMap { ["format"] = "extxyz" });
        data.Add("transforms", transforms);
        data.Add("train_dataloader", Target("torch.utils.data.DataLoader", ("batch_size", plan.BatchSize), ("num_workers", 2), ("shuffle", true)));
        data.Add("val_dataloader", Target("torch.utils.data.DataLoader", ("batch_size", plan.BatchSize), ("num_workers", 2)));
        data.AddIf(plan.HasTest, "test_dataloader", Target("torch.utils.data.DataLoader", ("batch_size", plan.BatchSize), ("num_workers", 2)));
        data.Add("stats_manager", Target("nequip.data.CommonDataStatisticsManager", ("dataloader_kwargs", new ConfigurationMap { ["batch_size"] = plan.BatchSize }), ("type_names", Symbols(plan))));
        return data;
    }

    private static ConfigurationMap Trainer(TrainingPlan plan)
    {
        var callbacks = new List<object?>
        {
            Target("lightning.pytorch.callbacks.ModelCheckpoint", ("dirpath", "checkpoints"), ("filename", "best"), ("monitor", Monitor), ("save_last", true)),
            Target("lightning.pytorch.callbacks.LearningRateMonitor", ("logging_interval", "epoch")),
        };
        if (plan.Schedule == LossSchedule.TwoStage)
        {
            LossWeights last = plan.LastWeights;
            var weights = new ConfigurationMap { ["per_atom_energy_mse"] = last.Energy, ["forces_mse"] = last.Force };
            weights.AddIf(plan.WithStress, "stress_mse", last.Stress);
            callbacks.Add(Target("nequip.train.callbacks.LossCoefficientScheduler", ("schedule", new ConfigurationMap { [FormattableString.Invariant($"{plan.SecondStageEpoch}")] = weights })));
        }

        return Target(
            "lightning.Trainer",
            ("accelerator", plan.Options.Device == TrainingDevice.Gpu ? "gpu" : "cpu"),
            ("devices", 1),
            ("max_epochs", plan.EpochCount),
            ("enable_checkpointing", true),
            ("enable_progress_bar", false),
            ("log_every_n_steps", 20),
            ("logger", Target("lightning.pytorch.loggers.CSVLogger", ("save_dir", "."), ("name", "logs"))),
            ("callbacks", callbacks));
    }

    private static ConfigurationMap TrainingModule(TrainingPlan plan)
    {
        LossWeights first = plan.FirstWeights;
        var coefficients = new ConfigurationMap { ["total_energy"] = first.Energy, ["forces"] = first.Force };
        coefficients.AddIf(plan.WithStress, "stress", first.Stress);
        ConfigurationMap loss = Target(plan.WithStress ? "nequip.train.EnergyForceStressLoss" : "nequip.train.EnergyForceLoss", ("per_atom_energy", true), ("coeffs", coefficients));
        loss.AddIf(FillsStress(plan), "ignore_nan", new ConfigurationMap { ["stress"] = true });
        return Target(
            "nequip.train.EMALightningModule",
            ("ema_decay", 0.999),
            ("loss", loss),
            ("train_metrics", Metrics(plan, DatasetPart.Train)),
            ("val_metrics", Metrics(plan, DatasetPart.Validation)),
            ("test_metrics", Metrics(plan, DatasetPart.Test)),
            ("optimizer", Target("torch.optim.Adam", ("lr", plan.Framework == MlipFramework.Allegro ? 0.001 : 0.01))),
            ("lr_scheduler", new ConfigurationMap
            {
                ["scheduler"] = Target("torch.optim.lr_scheduler.ReduceLROnPlateau", ("factor", 0.6), ("patience", 20), ("threshold", 0.01), ("min_lr", 1e-6)),
                ["monitor"] = Monitor,
                ["interval"] = "epoch",
                ["frequency"] = 1,
            }),
            ("model", Model(plan)));
    }

    // A mean over no stress at all is NaN, and so would be the sum that the best model and the learning rate are chosen by: where a part has none, it does not count.
    private static ConfigurationMap Metrics(TrainingPlan plan, DatasetPart part)
    {
        var coefficients = new ConfigurationMap { ["per_atom_energy_rmse"] = 1.0, ["forces_rmse"] = 1.0 };
        coefficients.AddIf(plan.WithStress, "stress_rmse", plan.Data.StressCounts[part] > 0 ? 1.0 : null);
        coefficients.Add("per_atom_energy_mae", null);
        coefficients.Add("forces_mae", null);
        coefficients.AddIf(plan.WithStress, "stress_mae", null);
        ConfigurationMap metrics = Target(plan.WithStress ? "nequip.train.EnergyForceStressMetrics" : "nequip.train.EnergyForceMetrics", ("coeffs", coefficients));
        metrics.AddIf(FillsStress(plan), "ignore_nan", new ConfigurationMap { ["stress"] = true });
        return metrics;
    }

    private static ConfigurationMap Model(TrainingPlan plan)
    {
        var shifts = new ConfigurationMap();
        foreach ((Structures.Element element, double energy) in plan.ReferenceEnergies.Energies)
        {
            shifts.Add(element.Symbol, energy);
        }

        ConfigurationMap model = plan.Framework == MlipFramework.Allegro ? Allegro(plan) : Target(
            "nequip.model.NequIPGNNModel",
            ("seed", plan.Options.Seed),
            ("model_dtype", "float32"),
            ("type_names", Symbols(plan)),
            ("r_max", plan.CutoffRadius),
            ("num_layers", 4),
            ("l_max", 1),
            ("parity", true),
            ("num_features", 32),
            ("radial_mlp_depth", 2),
            ("radial_mlp_width", 64),
            ("num_bessels", 8),
            ("polynomial_cutoff_p", 6));
        model.Add("avg_num_neighbors", "${training_data_stats:num_neighbors_mean}");
        model.Add("per_type_energy_shifts", shifts);
        model.Add("per_type_energy_scales", "${training_data_stats:forces_rms}");
        model.Add("per_type_energy_shifts_trainable", false);
        model.Add("per_type_energy_scales_trainable", false);
        return model;
    }

    private static ConfigurationMap Allegro(TrainingPlan plan) => Target(
        "allegro.model.AllegroModel",
        ("seed", plan.Options.Seed),
        ("model_dtype", "float32"),
        ("type_names", Symbols(plan)),
        ("r_max", plan.CutoffRadius),
        ("radial_chemical_embed", Target("allegro.nn.TwoBodyBesselScalarEmbed", ("num_bessels", 8), ("bessel_trainable", false), ("polynomial_cutoff_p", 6))),
        ("radial_chemical_embed_dim", 64),
        ("scalar_embed_mlp_hidden_layers_depth", 1),
        ("scalar_embed_mlp_hidden_layers_width", 64),
        ("scalar_embed_mlp_nonlinearity", "silu"),
        ("l_max", 2),
        ("num_layers", 2),
        ("num_scalar_features", 64),
        ("num_tensor_features", 32),
        ("allegro_mlp_hidden_layers_depth", 1),
        ("allegro_mlp_hidden_layers_width", 64),
        ("allegro_mlp_nonlinearity", "silu"),
        ("parity", true),
        ("tp_path_channel_coupling", true),
        ("readout_mlp_hidden_layers_depth", 1),
        ("readout_mlp_hidden_layers_width", 64),
        ("readout_mlp_nonlinearity", "silu"));

    private static ConfigurationMap Target(string target, params (string Key, object? Value)[] entries)
    {
        var map = new ConfigurationMap { ["_target_"] = target };
        foreach ((string key, object? value) in entries)
        {
            map.Add(key, value);
        }

        return map;
    }
}
