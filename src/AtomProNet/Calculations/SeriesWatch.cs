using System.Globalization;
using AtomProNet.Structures;

namespace AtomProNet.Calculations;

/// <summary>A place within one series where its labels jump.</summary>
/// <param name="Code">A stable identifier.</param>
/// <param name="Message">One sentence.</param>
/// <param name="Advice">One sentence.</param>
/// <param name="Source">Where the frame behind the jump comes from.</param>
/// <param name="Index">The number of that frame, as it was given.</param>
internal sealed record SeriesJump(string Code, string Message, string Advice, FrameSource? Source, int Index)
{
    internal Finding ToFinding() => new(FindingSeverity.Warning, Code, Message, Source?.ToString(), Advice);
}

/// <summary>Notices where the k mesh or the magnetic state changes within one series: energies and stresses jump there, and a model learns the jump.</summary>
internal sealed class SeriesWatch
{
    /// <summary>A jump of the moment between neighbours of a series, μ_B per atom, that is another magnetic state.</summary>
    private const double MomentJump = 0.2;

    private readonly Dictionary<string, (string Mesh, FrameSource? Source)> meshes = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, SeriesJump> meshJumps = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, List<(double Volume, double Moment, FrameSource? Source, int Index)>> moments = new(StringComparer.Ordinal);

    /// <summary>Looks at the next frame of a series.</summary>
    /// <param name="series">What the frames of one series have in common.</param>
    /// <param name="mesh">Its k mesh; null where nobody tells.</param>
    /// <param name="moment">The size of its moment, μ_B per atom; null where nobody tells.</param>
    /// <param name="volume">Å³ per atom; 0 without a cell.</param>
    /// <param name="source">Where it comes from.</param>
    /// <param name="index">Its number.</param>
    internal void Add(string series, string? mesh, double? moment, double volume, FrameSource? source, int index)
    {
        if (moment is { } m)
        {
            if (!moments.TryGetValue(series, out List<(double, double, FrameSource?, int)>? course))
            {
                moments[series] = course = [];
            }

            course.Add((volume, m, source, index));
        }

        if (mesh is null)
        {
            return;
        }

        if (!meshes.TryGetValue(series, out (string Mesh, FrameSource? Source) first))
        {
            meshes[series] = (mesh, source);
        }
        else if (mesh != first.Mesh && !meshJumps.ContainsKey(series))
        {
            meshJumps[series] = new("MeshChangesInSeries", $"The k mesh changes within the series of {series}: {first.Mesh} in {first.Source}, {mesh} in {source}. The labels jump there.", "Keep one mesh along a series (-KPointsFrom Parent).", source, index);
        }
    }

    /// <summary>What was noticed, at most one of a kind in each series.</summary>
    internal IEnumerable<SeriesJump> Jumps() => meshJumps.Values.Concat(moments.Select(m => MomentJumpIn(m.Key, m.Value)).OfType<SeriesJump>());

    /// <summary>The mesh; null where the file tells the number of points only, which changes with the symmetry, too.</summary>
    internal static string? MeshOf(DftMethod? method) => KPointMeshText.Divisions(method?.KPointMesh) is null ? null : method!.KPointMesh;

    /// <summary>The size of the moment, μ_B per atom. Its sign is a matter of the start.</summary>
    internal static double? MomentOf(Frame frame) => Math.Abs(frame.TotalMagneticMoment / frame.Structure.AtomCount ?? double.NaN) is var moment && double.IsNaN(moment) ? null : moment;

    /// <summary>Å³ per atom; 0 without a cell.</summary>
    internal static double VolumeOf(Frame frame) => (frame.Structure.Volume ?? 0) / frame.Structure.AtomCount;

    /// <summary>Neighbours in a series of strains are those of neighbouring volumes; in a trajectory of one volume those of neighbouring steps.</summary>
    private static SeriesJump? MomentJumpIn(string series, List<(double Volume, double Moment, FrameSource? Source, int Index)> course)
    {
        double smallest = course.Min(c => c.Volume), largest = course.Max(c => c.Volume);
        var ordered = largest - smallest > 1e-6 * largest ? course.OrderBy(c => c.Volume).ToList() : course;
        for (int i = 1; i < ordered.Count; i++)
        {
            var (_, former, before, _) = ordered[i - 1];
            var (_, present, source, index) = ordered[i];
            if (Math.Abs(present - former) > MomentJump)
            {
                return new("MomentJumpsInSeries", string.Create(CultureInfo.InvariantCulture, $"The magnetic moment jumps within the series of {series}: {former:F3} μB per atom in {before}, {present:F3} in {source}."), "These are two magnetic states: keep one of them, or start both from the same moments.", source, index);
            }
        }

        return null;
    }
}
