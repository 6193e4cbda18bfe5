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
    /// <summary>Spacings of one rule differ by the rounding of the mesh; beyond this ratio they are of different rules.</summary>
    private const double SpacingRatio = 1.5;

    private readonly SortedDictionary<string, List<Entry>> mustAgree = new(StringComparer.Ordinal);
    private readonly SeriesWatch series = new();
    private (double Spacing, FrameSource? Source) finest = (double.PositiveInfinity, null), coarsest = (0, null);

    private readonly List<Entry> lastEntries = [];
    private DftMethod? lastMethod;
    private int[]? lastDivisions;
    private string? lastMesh;
    private ImmutableArray<Element> lastSpecies = [];
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
            ImmutableArray<Finding> all = [.. series.Jumps().Select(j => j.ToFinding())];
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
        bool isIsolated = MethodSettings.IsExempt(frame);
        if (ReferenceEquals(method, lastMethod) && isIsolated == lastIsIsolated && frame.Structure.Species.AsSpan().SequenceEqual(lastSpecies.AsSpan()))
        {
            // The frames of one file share all of it, and often those of thousands: what they count for was settled with the first.
            foreach (Entry entry in lastEntries)
            {
                entry.Count++;
            }

            if (!lastIsIsolated)
            {
                Place(frame);
            }

            return;
        }

        lastEntries.Clear();
        lastMethod = method;
        lastDivisions = KPointMeshText.Divisions(method.KPointMesh);
        lastMesh = SeriesWatch.MeshOf(method);
        lastSpecies = frame.Structure.Species;
        lastIsIsolated = isIsolated;
        foreach (MethodSetting setting in MethodSettings.MustAgree(frame, method, isIsolated))
        {
            Count(setting, source);
        }

        if (!isIsolated)
        {
            Place(frame);
        }
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

    /// <summary>What is compared frame by frame: the k-spacing of its cell, and its place in a series.</summary>
    private void Place(Frame frame)
    {
        if (frame.GroupId is { } group)
        {
            series.Add(group, lastMesh, SeriesWatch.MomentOf(frame), SeriesWatch.VolumeOf(frame), frame.Source, FrameCount);
        }

        if (lastDivisions is not { } n || frame.Structure.Lattice is not { } lattice)
        {
            return;
        }

        Matrix3x3 b = lattice.Reciprocal;
        double spacing = 2 * Math.PI * Math.Max(b.Row1.Length / n[0], Math.Max(b.Row2.Length / n[1], b.Row3.Length / n[2]));
        finest = spacing < finest.Spacing ? (spacing, frame.Source) : finest;
        coarsest = spacing > coarsest.Spacing ? (spacing, frame.Source) : coarsest;
    }

    private void Count(MethodSetting setting, FrameSource? source)
    {
        if (!mustAgree.TryGetValue(setting.Name, out List<Entry>? entries))
        {
            mustAgree[setting.Name] = entries = [];
        }

        Entry? entry = entries.Find(e => e.Setting.IsSame(setting));
        if (entry is null)
        {
            entries.Add(entry = new(setting, source));
        }

        entry.Count++;
        lastEntries.Add(entry);
    }

    private sealed class Entry(MethodSetting setting, FrameSource? source)
    {
        internal MethodSetting Setting { get; } = setting;

        internal string Text => Setting.Text;

        internal FrameSource? Source { get; } = source;

        internal int Count { get; set; }
    }
}
