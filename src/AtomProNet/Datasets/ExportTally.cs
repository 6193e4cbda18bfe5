using AtomProNet.Structures;

namespace AtomProNet.Datasets;

/// <summary>Counts what the frames of an export carry, to tell what a framework would otherwise ignore in silence.</summary>
internal sealed class ExportTally(EnergyKind? asked, TrainingSetFormat format)
{
    private int withCell;
    private readonly SortedDictionary<string, int> lost = new(StringComparer.Ordinal);

    /// <summary>How many frames have which kind of energy as their label.</summary>
    public SortedDictionary<EnergyKind, int> EnergyKinds { get; } = [];

    public void Add(Frame frame)
    {
        EnergyKind kind = FrameAdmission.LabelKind(frame, asked)!.Value;
        EnergyKinds[kind] = EnergyKinds.GetValueOrDefault(kind) + 1;
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

    public IEnumerable<Finding> Findings()
    {
        if (lost.Count > 0 && format != TrainingSetFormat.Csv)
        {
            yield return new(FindingSeverity.Warning, "ExportLosesData", $"{format} cannot hold what some frames have: {string.Join(", ", lost.Select(l => $"{l.Key} ({l.Value})"))}.", Advice: "Keep an extended XYZ file as well.");
        }

        if (format == TrainingSetFormat.SgdmlNpz && withCell > 0)
        {
            yield return new(FindingSeverity.Warning, "ExportNeedsKeyMapping", "NequIP's default mapping for npz knows no cell and would take the crystal for a cluster.", Advice: "Set key_mapping to {z: atomic_numbers, R: pos, E: total_energy, F: forces, cell: cell, pbc: pbc, stress: stress} and npz_fixed_field_keys to [atomic_numbers].");
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
