using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using AtomProNet.Structures;

namespace AtomProNet.Calculations;

/// <summary>One setting that does not agree among the frames of a set.</summary>
/// <param name="Setting">Its name, such as <c>CutoffEnergy</c> or <c>Potential of Al</c>.</param>
/// <param name="Values">Each value with the number of frames that have it and the source of the first of them.</param>
/// <param name="MustAgree">Whether frames that differ in it do not belong in one set; otherwise it is worth knowing.</param>
public sealed record MethodDifference(string Setting, ImmutableArray<(string Value, int FrameCount, string? Source)> Values, bool MustAgree)
{
    /// <summary>The values in one line.</summary>
    public override string ToString() => $"{Setting}: {string.Join(", ", Values.Select(v => string.Create(CultureInfo.InvariantCulture, $"{v.Value} ({v.FrameCount})")))}";
}

/// <summary>
/// Compares the methods of frames as they come, in three tiers. Must agree in one set: code, functional, dispersion, cut-offs,
/// precision, smearing and its width, LASPH, the potential of each shared element, +U by the rule of its element. Within a tolerance:
/// the k-spacing. Recorded only: mesh, EDIFF, version. Isolated atoms are exempt from k-points, spin and smearing. Within one series a
/// mesh or a moment that jumps is a finding of its own.
/// </summary>
/// <remarks>A setting that a frame's file does not tell agrees with any. Not thread-safe: one tally belongs to one command.</remarks>
public sealed class MethodTally
{
    /// <summary>Printed values are rounded: ENCUT to 0.1 eV, SIGMA to 0.01 eV in older versions.</summary>
    private const double CutoffRounding = 0.051, WidthRounding = 0.00501;

    /// <summary>Spacings of one rule differ by the rounding of the mesh; beyond this ratio they are of different rules.</summary>
    private const double SpacingRatio = 1.5;

    /// <summary>A jump of the moment between neighbours of a series, μ_B per atom, that is another magnetic state.</summary>
    private const double MomentJump = 0.2;

    private readonly SortedDictionary<string, List<Entry>> mustAgree = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string Mesh, double? MomentPerAtom, FrameSource? Source, bool MeshTold, bool MomentTold)> series = new(StringComparer.Ordinal);
    private readonly List<Finding> findings = [];
    private (double Spacing, FrameSource? Source) finest = (double.PositiveInfinity, null), coarsest = (0, null);

    private readonly List<Entry> lastEntries = [];
    private DftMethod? lastMethod;
    private ImmutableArray<Element> lastSpecies;
    private bool lastIsIsolated;

    /// <summary>How many frames with a method were counted.</summary>
    public int FrameCount { get; private set; }

    /// <summary>Whether frames differ in what must agree.</summary>
    public bool IsMixed => mustAgree.Values.Any(v => v.Count > 1);

    /// <summary>The settings that differ and must agree.</summary>
    public ImmutableArray<MethodDifference> Differences =>
        [.. mustAgree.Where(p => p.Value.Count > 1).Select(p => new MethodDifference(p.Key, [.. p.Value.Select(e => (e.Text, e.Count, e.Source?.ToString()))], MustAgree: true))];

    /// <summary>What was noticed besides: k-spacings that differ, meshes and moments that jump within a series.</summary>
    public ImmutableArray<Finding> Findings
    {
        get
        {
            ImmutableArray<Finding> all = [.. findings];
            return coarsest.Spacing > SpacingRatio * finest.Spacing
                ? all.Add(new(FindingSeverity.Warning, "KPointSpacingsDiffer", string.Create(CultureInfo.InvariantCulture, $"The k-spacings differ by more than rounding: from {finest.Spacing:F3} 1/Å ({finest.Source}) to {coarsest.Spacing:F3} 1/Å ({coarsest.Source})."), Advice: "Energies of different meshes differ: compute the coarse ones anew."))
                : all;
        }
    }

    /// <summary>Looks at a frame; one without a method does not count.</summary>
    public void Add(Frame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        if (frame.Method is not { } method)
        {
            return;
        }

        FrameCount++;
        FrameSource? source = frame.Source;
        if (ReferenceEquals(method, lastMethod) && frame.Structure.Species == lastSpecies)
        {
            // The frames of one file share both: what they count for was settled with the first.
            foreach (Entry entry in lastEntries)
            {
                entry.Count++;
            }

            if (!lastIsIsolated)
            {
                Spacing(frame, method, source);
                Series(frame, method, source);
            }

            return;
        }

        lastEntries.Clear();
        lastMethod = method;
        lastSpecies = frame.Structure.Species;
        bool isIsolated = frame.ConfigType == "IsolatedAtom" || frame.Structure.AtomCount == 1;
        lastIsIsolated = isIsolated;
        Count("Code", method.Code, source);
        Count("Functional", method.Functional, source);
        Count("Dispersion", method.Dispersion ?? "none", source);
        Count("CutoffEnergy", method.CutoffEnergy, CutoffRounding, "eV", source);
        Count("DensityCutoffEnergy", method.DensityCutoffEnergy, CutoffRounding, "eV", source);
        Count("Precision", method.Precision, source);
        Count("AsphericalCorrections", method.AsphericalCorrections?.ToString(), source);
        if (!isIsolated)
        {
            Count("Smearing", method.Smearing, source);
            Count("SmearingWidth", method.SmearingWidth, WidthRounding, "eV", source);
            Spacing(frame, method, source);
            Series(frame, method, source);
        }

        Elements(frame, method, source);
    }

    /// <summary>The differing settings as a table, one line each.</summary>
    public string ToTable()
    {
        var text = new StringBuilder();
        foreach (MethodDifference difference in Differences)
        {
            text.Append("  ").Append(difference).Append('\n');
        }

        return text.ToString().TrimEnd('\n');
    }

    private void Elements(Frame frame, DftMethod method, FrameSource? source)
    {
        // MP and others put U on a metal only in oxides and fluorides.
        bool hasAnion = frame.Structure.Composition.Counts.Keys.Any(e => e.Symbol is "O" or "F");
        foreach (Element element in frame.Structure.Composition.Counts.Keys)
        {
            string symbol = element.Symbol;
            if (method.Potentials.TryGetValue(symbol, out string? potential))
            {
                Count($"Potential of {symbol}", e => IsSamePotential(e.Text, potential), () => new(potential, null, source));
            }

            Count(hasAnion ? $"HubbardU of {symbol} (with O or F)" : $"HubbardU of {symbol}", method.HubbardU.GetValueOrDefault(symbol), 0.005, "eV", source);
        }
    }

    private void Spacing(Frame frame, DftMethod method, FrameSource? source)
    {
        if (KPointMeshText.Divisions(method.KPointMesh) is not { } n || frame.Structure.Lattice is not { } lattice)
        {
            return;
        }

        Matrix3x3 b = lattice.Reciprocal;
        double spacing = 2 * Math.PI * Math.Max(b.Row1.Length / n[0], Math.Max(b.Row2.Length / n[1], b.Row3.Length / n[2]));
        finest = spacing < finest.Spacing ? (spacing, source) : finest;
        coarsest = spacing > coarsest.Spacing ? (spacing, source) : coarsest;
    }

    private void Series(Frame frame, DftMethod method, FrameSource? source)
    {
        if (frame.GroupId is not { } group)
        {
            return;
        }

        double? moment = frame.TotalMagneticMoment / frame.Structure.AtomCount;
        string mesh = method.KPointMesh ?? "";
        if (!series.TryGetValue(group, out var known))
        {
            series[group] = (mesh, moment, source, false, false);
            return;
        }

        bool meshJumps = !known.MeshTold && mesh.Length > 0 && known.Mesh.Length > 0 && mesh != known.Mesh;
        if (meshJumps)
        {
            findings.Add(new(FindingSeverity.Warning, "MeshChangesInSeries", $"The k mesh changes within the series of {group}: {known.Mesh} in {known.Source}, {mesh} in {source}. The labels jump there.", source?.ToString(), "Keep one mesh along a series (-KPointsFrom Parent)."));
        }

        bool momentJumps = !known.MomentTold && Math.Abs(Math.Abs(moment ?? 0) - Math.Abs(known.MomentPerAtom ?? moment ?? 0)) > MomentJump;
        if (momentJumps)
        {
            findings.Add(new(FindingSeverity.Warning, "MomentJumpsInSeries", string.Create(CultureInfo.InvariantCulture, $"The magnetic moment jumps within the series of {group}: {known.MomentPerAtom:F3} μB per atom in {known.Source}, {moment:F3} in {source}."), source?.ToString(), "These are two magnetic states: keep one of them, or start both from the same moments."));
        }

        series[group] = (mesh.Length > 0 ? mesh : known.Mesh, moment ?? known.MomentPerAtom, source, known.MeshTold || meshJumps, known.MomentTold || momentJumps);
    }

    // pw.x's XML names the file alone, its standard output the checksum too.
    private static bool IsSamePotential(string a, string b) =>
        a == b || a.StartsWith(b + " MD5 ", StringComparison.Ordinal) || b.StartsWith(a + " MD5 ", StringComparison.Ordinal);

    private void Count(string setting, string? value, FrameSource? source)
    {
        if (value is not null)
        {
            Count(setting, e => e.Text == value, () => new(value, null, source));
        }
    }

    private void Count(string setting, double? value, double tolerance, string unit, FrameSource? source)
    {
        if (value is { } number)
        {
            Count(setting, e => Math.Abs(e.Number!.Value - number) <= tolerance, () => new(string.Create(CultureInfo.InvariantCulture, $"{number:G7} {unit}"), number, source));
        }
    }

    private void Count(string setting, Predicate<Entry> isSame, Func<Entry> create)
    {
        if (!mustAgree.TryGetValue(setting, out List<Entry>? entries))
        {
            mustAgree[setting] = entries = [];
        }

        Entry? entry = entries.Find(isSame);
        if (entry is null)
        {
            entries.Add(entry = create());
        }

        entry.Count++;
        lastEntries.Add(entry);
    }

    private sealed class Entry(string text, double? number, FrameSource? source)
    {
        internal string Text { get; } = text;

        internal double? Number { get; } = number;

        internal FrameSource? Source { get; } = source;

        internal int Count { get; set; }
    }
}
