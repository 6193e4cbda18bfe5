using AtomProNet.Datasets.Spooling;
using AtomProNet.Structures;

namespace AtomProNet.Datasets;

/// <summary>
/// Collects, frame by frame, what a split needs to know, and works out the groups: as the frames tell them, else inferred (one file
/// = one trajectory, affine images of one structure = one series). A few dozen bytes a frame are kept, in memory or beyond a fixed number of frames in a temporary file, and one geometry a file.
/// </summary>
public sealed class FrameDescents : IDisposable
{
    private readonly Dictionary<(string File, string? Group, ulong Species), int> runOf = [];
    private readonly List<FrameRun> runs = [];
    private readonly SplitMethod? method;
    private readonly ChunkedList<FrameKey> keys;
    private readonly ChunkedList<(int Run, int Step)> frames;
    private readonly ChunkedList<double> energies;
    private readonly ChunkedList<int> configTypes;
    private readonly Dictionary<string, int> configTypeNumbers = new(StringComparer.Ordinal);
    private readonly List<string> configTypeNames = [];
    // Worked out when they are first asked for, until another frame comes.
    private (string[] Names, double[]?[] Strains)? known;
    private readonly object gate = new();

    /// <summary>Begins.</summary>
    /// <param name="method">By what will be split: energies and config types are kept only where they are needed.</param>
    public FrameDescents(SplitMethod? method = null)
        : this(method, int.MaxValue)
    {
    }

    /// <summary>Begins.</summary>
    /// <param name="method">By what will be split.</param>
    /// <param name="memoryLimit">What is kept of so many frames stays in memory: of all of them where a split will put them into order.</param>
    internal FrameDescents(SplitMethod? method, int memoryLimit)
    {
        this.method = method;
        (keys, frames, energies, configTypes) = (new(memoryLimit), new(memoryLimit), new(memoryLimit), new(memoryLimit));
    }

    /// <summary>Deletes temporary files.</summary>
    public void Dispose()
    {
        keys.Dispose();
        frames.Dispose();
        energies.Dispose();
        configTypes.Dispose();
    }

    /// <summary>The number of frames.</summary>
    public int Count => frames.Count;

    /// <summary>The <see cref="FrameKey"/> of a frame, by its number from 0.</summary>
    public FrameKey KeyOf(int frame) => keys[frame];

    /// <summary>Adds the next frame.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="energyKind">Which energy is the label; null: the free energy, or what a frame has.</param>
    /// <returns>Its <see cref="FrameKey"/>.</returns>
    public FrameKey Add(Frame frame, EnergyKind? energyKind = null) => Add(frame, FrameKey.Of(frame), energyKind);

    /// <summary>The same for a frame whose key is known.</summary>
    internal FrameKey Add(Frame frame, FrameKey key, EnergyKind? energyKind)
    {
        // A reader that infers knows one file only; here all of them are seen.
        string? group = frame.Structure.Provenance is { GroupInferred: false } told ? told.GroupId : null;
        ulong species = HashOf(frame.Structure);
        int run;
        if (frame.Source is not { } source)
        {
            run = NewRun(null);
        }
        else if (!runOf.TryGetValue((source.File, group, species), out run))
        {
            run = NewRun(source.File);
            runOf.Add((source.File, group, species), run);
        }

        known = null;
        int step = frame.Source?.Step ?? 0;
        runs[run].Add(frame, key, step);
        keys.Add(key);
        frames.Add((run, step));
        if (method == SplitMethod.StratifiedEnergy)
        {
            energies.Add((energyKind is { } kind ? frame.GetEnergy(kind) : frame.Energy) / Math.Max(1, frame.Structure.AtomCount) ?? double.NaN);
        }

        if (method == SplitMethod.StratifiedConfigType)
        {
            configTypes.Add(NumberOf(frame.ConfigType));
        }

        return key;

        int NewRun(string? file)
        {
            Composition composition = frame.Structure.Composition;
            runs.Add(new() { File = file, KnownGroup = group, SpeciesHash = species, Formula = composition.Formula, ReducedFormula = composition.ReducedFormula });
            return runs.Count - 1;
        }
    }

    /// <summary>What the split needs to know of each frame so far, in the order in which they were added: put together as it is asked for, since a million entries would take 80 MB.</summary>
    public IReadOnlyList<SplitItem> ToItems()
    {
        (string[] groups, double[]?[] strains) = Groups();
        return new ComputedList<SplitItem>(frames.Count, i =>
        {
            (int number, int step) = frames[i];
            FrameRun run = runs[number];
            return new(keys[i], groups[number], new(strains[number], run.File, step))
            {
                Composition = run.ReducedFormula,
                ConfigType = i < configTypes.Count && configTypes[i] >= 0 ? configTypeNames[configTypes[i]] : null,
                EnergyPerAtom = i < energies.Count && !double.IsNaN(energies[i]) ? energies[i] : null,
            };
        });
    }

    /// <summary>The file and step of a frame, by its number from 0; null where it was not read from a file.</summary>
    public FrameSource? SourceOf(int frame) => runs[frames[frame].Run].File is { } file ? new(file, frames[frame].Step) : null;

    /// <summary>The groups that were inferred rather than told, by id.</summary>
    public IReadOnlySet<string> InferredGroups()
    {
        string[] groups = Groups().Names;
        return Enumerable.Range(0, runs.Count).Where(r => runs[r].KnownGroup is null).Select(r => groups[r]).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>How many frames come from which file, in the order of the files' names; first those that come from none.</summary>
    internal IReadOnlyList<(string? File, int Count)> Sources()
    {
        int none = 0;
        var files = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (FrameRun run in runs)
        {
            if (run.File is { } file)
            {
                // A file of several compositions is several runs.
                files[file] = files.GetValueOrDefault(file) + run.Count;
            }
            else
            {
                none += run.Count;
            }
        }

        string[] names = [.. files.Keys];
        Array.Sort(names, StringComparer.Ordinal);
        IEnumerable<(string?, int)> told = names.Select(n => ((string?)n, files[n]));
        return [.. none > 0 ? told.Prepend((null, none)) : told];
    }

    private int NumberOf(string? configType)
    {
        if (configType is null)
        {
            return -1;
        }

        if (!configTypeNumbers.TryGetValue(configType, out int number))
        {
            configTypeNumbers.Add(configType, number = configTypeNames.Count);
            configTypeNames.Add(configType);
        }

        return number;
    }

    // The group of each run and its place along it.
    private (string[] Names, double[]?[] Strains) Groups()
    {
        // A check may ask for them while they are worked out already.
        lock (gate)
        {
            if (known is null)
            {
                string[] names = FindGroups();
                known = (names, Strains(names));
            }

            return known.Value;
        }
    }

    private string[] FindGroups()
    {
        // An order that does not depend on how the frames came makes the inference independent of it, too.
        int[] unknown = Enumerable.Range(0, runs.Count).Where(r => runs[r].KnownGroup is null)
            .OrderBy(r => runs[r].FirstKey).ThenBy(r => runs[r].File, StringComparer.Ordinal).ToArray();
        int[] series = GroupInference.FindSeries([.. unknown.Select(r => runs[r])]);
        var least = new Dictionary<int, FrameKey>();
        for (int k = 0; k < unknown.Length; k++)
        {
            FrameKey key = runs[unknown[k]].LeastKey;
            least[series[k]] = least.TryGetValue(series[k], out FrameKey other) && other < key ? other : key;
        }

        // Copies of one file elsewhere would get the same name; they lie in one series, unless they have no cell to compare.
        string[] found = [.. runs.Select(r => r.KnownGroup ?? "")];
        var names = new Dictionary<int, string>();
        for (int k = 0; k < unknown.Length; k++)
        {
            if (!names.TryGetValue(series[k], out string? name))
            {
                // All of a series have one formula.
                names.Add(series[k], name = $"inferred:{runs[unknown[k]].Formula}/{least[series[k]].ToId()}");
            }

            found[unknown[k]] = name;
        }

        return found;
    }

    /// <summary>
    /// The place of each run along its series, from its cell: the entries of the deformation against one member of the group, those
    /// that vary most first. For a hydrostatic or uniaxial series that is the strain, for a shear series the shear.
    /// </summary>
    private double[]?[] Strains(string[] groups)
    {
        var result = new double[]?[runs.Count];
        foreach (IGrouping<string, int> group in Enumerable.Range(0, runs.Count).Where(r => runs[r].Lattice is not null).GroupBy(r => groups[r]))
        {
            int[] members = [.. group];
            if (members.Length < 2)
            {
                continue;
            }

            // The one that comes first, whatever the order in which they were added.
            int first = members.Aggregate((best, r) => Precedes(runs[r], runs[best]) ? r : best);
            Matrix3x3 inverse = runs[first].Lattice!.Inverse();
            double[][] deformations = [.. members.Select(r => (inverse * runs[r].Lattice!.Rows).ToRowMajor())];
            double[] spread = Spread(deformations);
            // Files round their cells: what varies less than that has nothing to say about the order.
            int[] entries = [.. Enumerable.Range(0, 9).Where(e => spread[e] > 1e-6).OrderByDescending(e => Math.Round(spread[e], 6)).ThenBy(e => e)];
            if (entries.Length > 0)
            {
                for (int m = 0; m < members.Length; m++)
                {
                    double[] strain = new double[entries.Length];
                    for (int k = 0; k < entries.Length; k++)
                    {
                        strain[k] = Math.Round(deformations[m][entries[k]], 7);
                    }

                    result[members[m]] = strain;
                }
            }
        }

        return result;
    }

    private static bool Precedes(FrameRun a, FrameRun b) =>
        a.FirstKey != b.FirstKey ? a.FirstKey < b.FirstKey : string.CompareOrdinal(a.File, b.File) < 0;

    // How far each of the nine entries varies.
    private static double[] Spread(double[][] deformations)
    {
        double[] low = [.. deformations[0]], high = [.. deformations[0]];
        foreach (double[] deformation in deformations)
        {
            for (int e = 0; e < low.Length; e++)
            {
                low[e] = Math.Min(low[e], deformation[e]);
                high[e] = Math.Max(high[e], deformation[e]);
            }
        }

        return [.. high.Zip(low, (h, l) => h - l)];
    }

    // FNV-1a (Fowler, Noll, Vo) over the atomic numbers.
    private static ulong HashOf(Structure structure)
    {
        ulong hash = 14695981039346656037;
        foreach (Element element in structure.Species)
        {
            hash = (hash ^ (byte)element.Number) * 1099511628211;
        }

        return hash;
    }
}
