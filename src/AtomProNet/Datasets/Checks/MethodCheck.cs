using System.Collections.Immutable;
using AtomProNet.Calculations;
using AtomProNet.Datasets.Spooling;
using AtomProNet.Structures;

namespace AtomProNet.Datasets.Checks;

/// <summary>
/// Frames that were computed in different ways: another code, functional, cut-off, smearing, potential or Hubbard U; and places within
/// one series where the k mesh or the magnetic state changes. What must agree is said in <see cref="MethodSettings"/>.
/// </summary>
/// <param name="memoryLimit">What is kept of so many frames stays in memory.</param>
internal sealed class MethodCheck(int memoryLimit) : ICheck, IDisposable
{
    private const string Methods = "MethodsMixed", Potentials = "PotentialsMixed", Hubbard = "HubbardMixed";

    private readonly SortedDictionary<string, List<(MethodSetting Setting, FrameTally Frames)>> settings = new(StringComparer.Ordinal);
    private readonly List<(string Detail, FrameTally Frames)> lastSettings = [];
    // The number of the frame, and what may jump within a series: its mesh by number (−1: unknown), its moment (NaN: none).
    private readonly ChunkedList<(int Frame, int Mesh, float Moment, float Volume)> places = new(memoryLimit);
    private readonly List<string> meshes = [];
    private FrameRegister? register;
    private DftMethod? lastMethod, lastMeshed;
    private int lastMesh;
    private ImmutableArray<Element> lastSpecies = [];
    private bool lastIsExempt;

    /// <summary>Whether a finding says that the frames do not belong in one set.</summary>
    public static bool IsMix(string code) => code is Methods or Potentials or Hubbard;

    public void Add(CheckedFrame f)
    {
        if (f.Frame.Method is not { } method)
        {
            return;
        }

        bool isExempt = MethodSettings.IsExempt(f.Frame);
        if (!isExempt)
        {
            register = f.Register;
            places.Add((f.Index, NumberOf(method), (float)(SeriesWatch.MomentOf(f.Frame) ?? double.NaN), (float)SeriesWatch.VolumeOf(f.Frame)));
        }

        // The frames of one file share all of it, and often those of thousands: what they count for was settled with the first.
        if (!ReferenceEquals(method, lastMethod) || isExempt != lastIsExempt || !f.Structure.Species.AsSpan().SequenceEqual(lastSpecies.AsSpan()))
        {
            lastMethod = method;
            lastSpecies = f.Structure.Species;
            lastIsExempt = isExempt;
            lastSettings.Clear();
            lastSettings.AddRange(MethodSettings.MustAgree(f.Frame, method, isExempt).Select(s => ($"{s.Name}: {s.Text}", Find(s))));
        }

        foreach ((string detail, FrameTally frames) in lastSettings)
        {
            frames.Add(f, detail);
        }
    }

    public void Dispose() => places.Dispose();

    public IEnumerable<TrainingSetFinding> Conclude()
    {
        var mixed = settings.Where(s => s.Value.Count > 1).ToList();
        List<TrainingSetFinding> findings =
        [
            .. Mixed(mixed.Where(s => !IsOfElement(s.Key, out _)), Methods, "The frames were computed in different ways"),
            .. Mixed(mixed.Where(s => IsOfElement(s.Key, out bool potential) && potential), Potentials, "Elements were computed with different pseudopotentials"),
            .. Mixed(mixed.Where(s => IsOfElement(s.Key, out bool potential) && !potential), Hubbard, "Elements were computed with different values of Hubbard's U"),
        ];
        IReadOnlyList<SplitItem> items = register?.ToItems() ?? [];
        var watch = new SeriesWatch();
        for (int i = 0; i < places.Count; i++)
        {
            (int frame, int mesh, float moment, float volume) = places[i];
            if (mesh >= 0 || !float.IsNaN(moment))
            {
                watch.Add(items[frame - 1].Group, mesh < 0 ? null : meshes[mesh], float.IsNaN(moment) ? null : moment, volume, register![frame].Source, frame);
            }
        }

        findings.AddRange(watch.Jumps().Select(j => new TrainingSetFinding(FindingSeverity.Warning, j.Code, j.Message, j.Advice, 1, [register![j.Index]])));
        return findings;
    }

    // The frames of one file share their method.
    private int NumberOf(DftMethod method)
    {
        if (!ReferenceEquals(method, lastMeshed))
        {
            lastMeshed = method;
            string? mesh = SeriesWatch.MeshOf(method);
            lastMesh = mesh is null ? -1 : meshes.IndexOf(mesh);
            if (mesh is not null && lastMesh < 0)
            {
                lastMesh = meshes.Count;
                meshes.Add(mesh);
            }
        }

        return lastMesh;
    }

    private FrameTally Find(MethodSetting setting)
    {
        if (!settings.TryGetValue(setting.Name, out List<(MethodSetting Setting, FrameTally Frames)>? values))
        {
            settings.Add(setting.Name, values = []);
        }

        foreach ((MethodSetting known, FrameTally frames) in values)
        {
            if (known.IsSame(setting))
            {
                return frames;
            }
        }

        values.Add((setting, new()));
        return values[^1].Frames;
    }

    private static bool IsOfElement(string name, out bool isPotential)
    {
        isPotential = name.StartsWith(MethodSettings.Potential, StringComparison.Ordinal);
        return isPotential || name.StartsWith(MethodSettings.Hubbard, StringComparison.Ordinal);
    }

    /// <summary>One finding for all settings of a kind, about the frames that have the rarest value of the first of them.</summary>
    private static IEnumerable<TrainingSetFinding> Mixed(IEnumerable<KeyValuePair<string, List<(MethodSetting Setting, FrameTally Frames)>>> differing, string code, string what)
    {
        List<KeyValuePair<string, List<(MethodSetting Setting, FrameTally Frames)>>> all = [.. differing];
        if (all.Count == 0)
        {
            return [];
        }

        string table = string.Join("; ", all.Select(s => $"{s.Key}: {string.Join(", ", s.Value.OrderByDescending(v => v.Frames.Count).Select(v => FormattableString.Invariant($"{v.Setting.Text} ({v.Frames.Count})")))}"));
        return all[0].Value.MinBy(v => v.Frames.Count).Frames.ToFinding(FindingSeverity.Error, code, $"{what}: {table}.", "Their energies lie on different scales: keep one method, or compute the others again.");
    }
}
