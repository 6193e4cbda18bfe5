using AtomProNet.Calculations;
using AtomProNet.Files;

namespace AtomProNet.QuantumEspresso.Inputs;

/// <summary>What a job script needs to know of pw.x.</summary>
public static class PwJobScript
{
    private static readonly Lazy<JobScript> BuiltIn = new(() => new() { Template = EmbeddedText.Read("AtomProNet.QuantumEspresso.Inputs.Data.job-slurm.sh"), NamePrefix = "pw_" });

    /// <summary>The built-in script, for Slurm: five minutes before the end of the walltime it asks pw.x to stop after the present electronic step.</summary>
    public static JobScript Default => BuiltIn.Value;

    /// <summary>The script for one calculation.</summary>
    internal static string ToText(JobScript script, string name) => script.ToText(name, "pw.x", "-in", PwInputPlan.InputFile);
}
