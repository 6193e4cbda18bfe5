using AtomProNet.Formats.ExtendedXyz;
using AtomProNet.Structures;

namespace AtomProNet.Datasets;

/// <summary>Counts what the frames of an export carry, to tell what a framework would otherwise ignore in silence.</summary>
internal sealed class ExportTally(EnergyKind? asked, TrainingSetFormat format)
{
    private int frames, withForces, withStress, periodic, withCell;
    private readonly SortedDictionary<string, int> lost = new(StringComparer.Ordinal);

    /// <summary>How many frames have which kind of energy as their label.</summary>
    public SortedDictionary<EnergyKind, int> EnergyKinds { get; } = [];

    public void Add(Frame frame)
    {
        EnergyKind kind = FrameAdmission.LabelKind(frame, asked)!.Value;
        EnergyKinds[kind] = EnergyKinds.GetValueOrDefault(kind) + 1;
        frames++;
        withForces += frame.Forces is null ? 0 : 1;
        withStress += frame.Stress is null ? 0 : 1;
        periodic += frame.Structure.Periodicity.All ? 1 : 0;
        withCell += frame.Structure.Lattice is null ? 0 : 1;
        if (format != TrainingSetFormat.ExtendedXyz)
        {
            Lose("config_type", frame.ConfigType is not null);
            Lose("config_weight", frame.Weight is not null);
            Lose("magnetic moments", frame.MagneticMoments is not null || frame.MagneticMomentVectors is not null);
            Lose("charges", frame.Charges is not null);
            Lose("which atoms are fixed", frame.Structure.SiteProperties.ContainsKey("selective_dynamics"));
            Lose("the kind of the energy", format is TrainingSetFormat.DeepMD or TrainingSetFormat.DeepMDMixed && kind != EnergyKind.Unspecified);
        }
    }

    public IEnumerable<Finding> Findings(KeyStyle style)
    {
        if (EnergyKinds.Count > 1)
        {
            yield return new(FindingSeverity.Warning, "ExportMixesEnergies", $"The labels are different kinds of energy: {string.Join(", ", EnergyKinds.Select(k => $"{k.Value} {k.Key}"))}.", Advice: "Name one with -EnergyKind; frames that do not have it are then left out.");
        }

        foreach (EnergyKind kind in EnergyKinds.Keys.Where(k => k is EnergyKind.WithoutEntropy or EnergyKind.SigmaToZero))
        {
            if (withForces + withStress > 0)
            {
                yield return new(FindingSeverity.Warning, "ExportEnergyNotFree", $"The label is the energy {kind}, but forces and stress derive from the free energy F: the labels contradict each other by the entropy.", Advice: "Use -EnergyKind Free, the default, to train on forces or stress.");
            }
        }

        if (lost.Count > 0 && format != TrainingSetFormat.Csv)
        {
            yield return new(FindingSeverity.Warning, "ExportLosesData", $"{format} cannot hold what some frames have: {string.Join(", ", lost.Select(l => $"{l.Key} ({l.Value})"))}.", Advice: "Keep an extended XYZ file as well.");
        }

        if (format == TrainingSetFormat.SgdmlNpz && withCell > 0)
        {
            yield return new(FindingSeverity.Warning, "ExportNeedsKeyMapping", "NequIP's default mapping for npz knows no cell and would take the crystal for a cluster.", Advice: "Set key_mapping to {z: atomic_numbers, R: pos, E: total_energy, F: forces, cell: cell, pbc: pbc, stress: stress} and npz_fixed_field_keys to [atomic_numbers].");
        }

        string weight = format == TrainingSetFormat.ExtendedXyz && style == KeyStyle.Mace ? " MACE gives them weight 0 without a word." : "";
        if (withForces is > 0 && withForces < frames)
        {
            yield return new(FindingSeverity.Warning, "ExportForcesMissing", $"{frames - withForces} of {frames} frames have no forces.{weight}", Advice: "Leave them out if that is not intended.");
        }

        if (withStress > 0 && withStress < periodic)
        {
            yield return new(FindingSeverity.Warning, "ExportStressMissing", $"{periodic - withStress} of {periodic} periodic frames have no stress.{weight}", Advice: "Leave them out if that is not intended.");
        }
    }

    private void Lose(string what, bool has)
    {
        if (has)
        {
            lost[what] = lost.GetValueOrDefault(what) + 1;
        }
    }
}
