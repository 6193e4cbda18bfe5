using AtomProNet.Calculations;
using AtomProNet.Files;

namespace AtomProNet.Datasets.Training;

/// <summary>The job scripts of trainings, for Slurm. Sent again after the end of their time, they go on from the last checkpoint.</summary>
public static class TrainingJobScript
{
    /// <summary>The built-in script of a framework.</summary>
    /// <param name="framework">The framework.</param>
    /// <param name="device">Whether it asks for a graphics processor.</param>
    public static JobScript Of(MlipFramework framework, TrainingDevice device)
    {
        string file = framework switch { MlipFramework.Mace => "job-mace.sh", MlipFramework.DeepMD => "job-deepmd.sh", _ => "job-nequip.sh" };
        return new JobScript
        {
            Template = EmbeddedText.Read("AtomProNet.Datasets.Training.Data." + file).Replace("{{GPU}}", device == TrainingDevice.Gpu ? "#SBATCH --gres=gpu:1\n" : "", StringComparison.Ordinal),
            NamePrefix = "train_",
            Tasks = 1,
            Threads = 4,
            Launcher = [],
        };
    }

    /// <summary>The script for one training.</summary>
    internal static string ToText(JobScript script, TrainingPlan plan, string name) => plan.Framework switch
    {
        MlipFramework.Mace => script.ToText(name, "mace_run_train", "--config", plan.ConfigurationFile),
        MlipFramework.DeepMD => script.ToText(name, "dp", "--pt", "train", plan.ConfigurationFile),
        _ => script.ToText(name, "nequip-train", "-cn", plan.ConfigurationFile),
    };
}
