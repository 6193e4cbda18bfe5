using AtomProNet.Structures;

namespace AtomProNet.Datasets;

/// <summary>Counts what the frames of an export carry, to tell what a framework would otherwise ignore in silence.</summary>
internal sealed class ExportTally(EnergyKind? asked, TrainingSetFormat format)
{
    private int withCell;
    private readonly SortedDictionary<string, int> lost = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, MethodCount> methods = new(StringComparer.Ordinal);
    private (DftMethod? Method, MethodCount? Count) last;

    /// <summary>How many frames have which kind of energy as their label.</summary>
    public SortedDictionary<EnergyKind, int> EnergyKinds { get; } = [];

    /// <summary>The methods of the frames with the number of frames each, the most frequent first.</summary>
    public IEnumerable<(DftMethod Method, int FrameCount)> Methods => methods.Values.OrderByDescending(m => m.Frames).Select(m => (m.Method, m.Frames));

    public void Add(Frame frame)
    {
        Count(frame.Method);
        EnergyKind kind = FrameAdmission.LabelKind(frame, asked)!.Value;
        EnergyKinds[kind] = EnergyKinds.GetValueOrDefault(kind) + 1;
        withCell += frame.Structure.Lattice is null ? 0 : 1;
        if (format != TrainingSetFormat.ExtendedXyz)
        {
            Lose("config_type", frame.ConfigType is not null);
            Lose("config_weight", frame.Weight is not null);
            Lose("magnetic moments", frame.MagneticMoments is not null || frame.MagneticMomentVectors is not null);
            Lose("charges", frame.Charges is not null);
            Lose("temperature", frame.Temperature is not null);
            Lose("which atoms are fixed", frame.Structure.SiteProperties.ContainsKey("selective_dynamics"));
            foreach (string column in frame.Structure.SiteProperties.Keys.Where(k => k != "selective_dynamics"))
            {
                Lose($"the column '{column}'", true);
            }

            foreach (string key in frame.Information.Keys.Where(k => k != FrameIds.Key))
            {
                Lose($"the key '{key}'", true);
            }

            // Without periodic boundaries DeePMD has no box, and so no virial.
            Lose("the stress", format is TrainingSetFormat.DeepMD or TrainingSetFormat.DeepMDMixed && !frame.Structure.Periodicity.All && frame.Stress is not null);
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

    private void Count(DftMethod? method)
    {
        if (!ReferenceEquals(method, last.Method))
        {
            MethodCount? count = null;
            if (method is not null && !methods.TryGetValue(DftMethodText.Write(method), out count))
            {
                methods.Add(DftMethodText.Write(method), count = new(method));
            }

            last = (method, count);
        }

        if (last.Count is { } known)
        {
            known.Frames++;
        }
    }

    private void Lose(string what, bool has)
    {
        if (has)
        {
            lost[what] = lost.GetValueOrDefault(what) + 1;
        }
    }

    private sealed class MethodCount(DftMethod method)
    {
        public DftMethod Method { get; } = method;

        public int Frames { get; set; }
    }
}
