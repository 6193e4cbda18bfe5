using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using AtomProNet.Structures;

namespace AtomProNet.Formats.ExtendedXyz;

/// <summary>Puts a frame together from the pairs of its second line and the columns of its atom lines.</summary>
internal sealed class FrameAssembler(string source, long line, int step, ExtendedXyzReadOptions options, MethodCache methods)
{
    private const string JsonMark = "_JSON ";

    private readonly Dictionary<string, CommentEntry> entries = new(StringComparer.Ordinal);
    private LabelKeys? only = options.KeyStyle is { } style ? LabelKeys.Of(style) : null;

    /// <summary>The value of <c>Properties</c>; null where there is none.</summary>
    public string? Properties { get; private set; }

    /// <summary>For plain XYZ, whose second line is a remark.</summary>
    public static FrameAssembler ForPlain(string source, long line, int step, string remark, ExtendedXyzReadOptions options, MethodCache methods)
    {
        var assembler = new FrameAssembler(source, line, step, options, methods);
        if (remark.Length > 0)
        {
            assembler.entries["comment"] = new("comment", remark, remark);
        }

        return assembler;
    }

    /// <summary>Whether a column of that name holds forces.</summary>
    public bool IsForces(string name) => only is null ? LabelKeys.ForceNames.Contains(name) : name == only.Forces;

    /// <summary>Reads the second line.</summary>
    public void ReadComment(ReadOnlySpan<byte> text)
    {
        var pairs = new CommentLine(text, source, line);
        while (pairs.TryRead(out CommentEntry entry))
        {
            if (!entries.TryAdd(entry.Key, entry) && (entry.Text is null || entry.Text != entries[entry.Key].Text))
            {
                throw Error("ExtendedXyzKeyTwice", $"The key '{entry.Key}' stands twice on the line, with different values.", entry.Text, "Take one of them out.");
            }
        }

        if (entries.Remove(FrameKeys.Properties, out CommentEntry properties))
        {
            Properties = properties.Text ?? throw Error("ExtendedXyzProperties", "'Properties' must be a list of name:type:count.", null, "Write it as Properties=species:S:1:pos:R:3.");
        }

        RefuseOtherCase();
        RefuseOtherUnits();
        LabelKeys mace = LabelKeys.MacePrediction;
        if (options.Predicted && (entries.ContainsKey(mace.Energy) || entries.ContainsKey(mace.Stress!) || Properties?.Contains(mace.Forces + ":", StringComparison.Ordinal) == true))
        {
            only = mace;
        }
    }

    /// <summary>The frame.</summary>
    public Frame Assemble(ColumnTable table, int atoms)
    {
        Lattice? lattice = TakeLattice();
        Periodicity? periodicity = TakePeriodicity();
        ImmutableArray<Element> species = Species(table);
        var positions = table.Find("pos", ColumnKind.Vector, 3)!;
        (string? name, Provenance? provenance) = TakeDescent();

        ImmutableArray<Vector3D>? forces = TakeForces(table);
        Column? moments = table.Find("magmoms", ColumnKind.Real, 1);
        Column? momentVectors = table.Find("magmoms", ColumnKind.Real, 3);
        Column? charges = table.Find("charges", ColumnKind.Real, 1) ?? table.Find("charge", ColumnKind.Real, 1);
        var structure = new Structure(
            lattice,
            species,
            ImmutableCollectionsMarshal.AsImmutableArray(positions.Vectors),
            CoordinateKind.Cartesian,
            periodicity ?? (lattice is null ? Periodicity.None : Periodicity.Full),
            SiteProperties(table, moments, momentVectors, charges),
            name,
            provenance);
        var energies = TakeEnergies();
        return new Frame(structure)
        {
            FreeEnergy = energies.Free,
            EnergyWithoutEntropy = energies.WithoutEntropy,
            EnergySigmaToZero = energies.SigmaToZero,
            UnspecifiedEnergy = energies.Unspecified,
            Forces = forces,
            Stress = TakeStress(lattice),
            MagneticMoments = moments is null ? null : ImmutableCollectionsMarshal.AsImmutableArray(moments.Reals),
            MagneticMomentVectors = momentVectors is null ? null : ToVectors(momentVectors.Reals),
            TotalMagneticMoment = TakeNumber(FrameKeys.TotalMagneticMoment),
            Charges = charges is null ? null : ImmutableCollectionsMarshal.AsImmutableArray(charges.Reals),
            Temperature = TakeNumber(FrameKeys.Temperature),
            KineticEnergy = TakeNumber(FrameKeys.KineticEnergy),
            Origin = TakeOrigin(),
            Convergence = TakeConvergence(),
            Method = TakeMethod(),
            BasisLattice = entries.ContainsKey(FrameKeys.BasisLattice) ? new Lattice(Matrix3x3.FromRowMajor(TakeNumbers(FrameKeys.BasisLattice, 9))) : null,
            Source = TakeSource(),
            ConfigType = TakeText(FrameKeys.ConfigType),
            Weight = TakeNumber(FrameKeys.ConfigWeight),
            Information = entries.ToImmutableSortedDictionary(e => e.Key, e => e.Value.Value, StringComparer.Ordinal),
        };
    }

    // Some programs ignore case, the specification does not: a 'lattice' that is passed over would make a crystal a cluster.
    private void RefuseOtherCase()
    {
        ReadOnlySpan<string> keys = [FrameKeys.Properties, FrameKeys.Lattice, FrameKeys.Pbc];
        foreach (string key in keys)
        {
            if (key == FrameKeys.Properties ? Properties is not null : entries.ContainsKey(key))
            {
                continue;
            }

            foreach (CommentEntry entry in entries.Values)
            {
                if (entry.Key.Equals(key, StringComparison.OrdinalIgnoreCase))
                {
                    throw Error("ExtendedXyzKeyCase", $"The key '{entry.Key}' is not '{key}', which the frame lacks: case matters.", entry.Text, $"Write it as {key}, or give it another name if it means something else.");
                }
            }
        }
    }

    // The format itself knows no units, but some files name theirs: what is not eV and Å would be read as if it were.
    private void RefuseOtherUnits()
    {
        foreach (CommentEntry entry in entries.Values)
        {
            if (LabelUnits.OursFor(entry.Key) is { } ours && LabelUnits.IsOther(ours, entry.Text))
            {
                throw Error("ExtendedXyzUnit", $"'{entry.Key}' names another unit than {ours}, in which the labels are read.", entry.Text, $"Convert the file to {ours}, then take the key out.");
            }
        }
    }

    private Lattice? TakeLattice()
    {
        if (!entries.ContainsKey(FrameKeys.Lattice))
        {
            return null;
        }

        double[] n = TakeNumbers(FrameKeys.Lattice, 9, 3);
        // Some programs write a cell of zeros for a molecule.
        return Array.TrueForAll(n, x => x == 0) ? null
            : n.Length == 3 ? new Lattice(Matrix3x3.Diagonal(n[0], n[1], n[2]))
            : new Lattice(Matrix3x3.FromRowMajor(n));
    }

    private Periodicity? TakePeriodicity()
    {
        if (!entries.Remove(FrameKeys.Pbc, out CommentEntry entry))
        {
            return null;
        }

        return entry.Value switch
        {
            bool all => new Periodicity(all, all, all),
            bool[] { Length: 3 } b => new Periodicity(b[0], b[1], b[2]),
            long[] { Length: 3 } i when Array.TrueForAll(i, x => x is 0 or 1) => new Periodicity(i[0] == 1, i[1] == 1, i[2] == 1),
            _ => throw Error("ExtendedXyzPbc", "'pbc' must hold three truth values.", entry.Text, "Write it as pbc=\"T T T\"."),
        };
    }

    private ImmutableArray<Element> Species(ColumnTable table)
    {
        Column? symbols = table.Find("species", ColumnKind.Species, 1), numbers = table.Find("Z", ColumnKind.AtomicNumber, 1);
        if (symbols is not null && numbers is not null && !symbols.Elements.AsSpan().SequenceEqual(numbers.Elements))
        {
            int atom = 0;
            while (symbols.Elements[atom] == numbers.Elements[atom])
            {
                atom++;
            }

            throw new AtomProNetException(ErrorKind.InvalidData, "ExtendedXyzSpeciesContradict", FormattableString.Invariant($"The columns 'species' and 'Z' name different elements for atom {atom + 1}."), source, line + 1 + atom, remedy: "Correct one of them, or take it out.");
        }

        return ImmutableCollectionsMarshal.AsImmutableArray((symbols ?? numbers)!.Elements);
    }

    private ImmutableArray<Vector3D>? TakeForces(ColumnTable table)
    {
        Column? found = null;
        foreach (Column column in table.Columns)
        {
            if (column.Kind == ColumnKind.Vector && IsForces(column.Name))
            {
                if (found is not null && !found.Vectors.AsSpan().SequenceEqual(column.Vectors))
                {
                    throw Contradiction(found.Name, column.Name);
                }

                found ??= column;
            }
        }

        return found is null ? null : ImmutableCollectionsMarshal.AsImmutableArray(found.Vectors);
    }

    private ImmutableSortedDictionary<string, SiteProperty> SiteProperties(ColumnTable table, params Column?[] taken)
    {
        var properties = ImmutableSortedDictionary.CreateBuilder<string, SiteProperty>(StringComparer.Ordinal);
        foreach (Column column in table.Columns)
        {
            if (column.Kind is ColumnKind.Real or ColumnKind.Integer or ColumnKind.Logical or ColumnKind.Text && Array.IndexOf(taken, column) < 0)
            {
                properties[SiteColumns.ToSiteProperty(column, table)] = column.ToSiteProperty();
            }
        }

        return properties.ToImmutable();
    }

    private (double? Free, double? WithoutEntropy, double? SigmaToZero, double? Unspecified) TakeEnergies()
    {
        string? kindText = TakeText(FrameKeys.EnergyKind);
        double? label = null;
        string? labelName = null;
        foreach (string name in only is null ? LabelKeys.EnergyNames : [only.Energy])
        {
            if (TakeNumber(name) is { } energy)
            {
                if (label is { } other && !other.Equals(energy))
                {
                    throw Contradiction(labelName!, name);
                }

                label = energy;
                labelName = name;
            }
        }

        if (only == LabelKeys.MacePrediction)
        {
            // The other energies are the reference's.
            return (null, null, null, label);
        }

        EnergyKind kind = kindText is null ? EnergyKind.Unspecified : EnergyKindNames.Parse(kindText)
            ?? throw Error("ExtendedXyzEnergyKind", "'energy_kind' must be free, without_entropy or sigma_to_zero.", kindText, "Take it out where nobody knows.");
        // A style of other names leaves ASE's free_energy alone, unless the file is one of our own.
        bool takesFree = only is null || only.Energy == "energy" || kindText is not null;
        double? free = takesFree ? TakeNumber(FrameKeys.FreeEnergy) : null;
        double? without = TakeNumber(FrameKeys.EnergyWithoutEntropy), sigma = TakeNumber(FrameKeys.EnergySigmaToZero), unspecified = TakeNumber(FrameKeys.EnergyUnspecified);
        return kind switch
        {
            EnergyKind.Free => (Merge(label, free, FrameKeys.FreeEnergy), without, sigma, unspecified),
            EnergyKind.WithoutEntropy => (free, Merge(label, without, FrameKeys.EnergyWithoutEntropy), sigma, unspecified),
            EnergyKind.SigmaToZero => (free, without, Merge(label, sigma, FrameKeys.EnergySigmaToZero), unspecified),
            _ => (free, without, sigma, Merge(label, unspecified, FrameKeys.EnergyUnspecified)),
        };

        double? Merge(double? a, double? b, string name) => a is { } x && b is { } y && !x.Equals(y) ? throw Contradiction(labelName!, name) : a ?? b;
    }

    private StressTensor? TakeStress(Lattice? lattice)
    {
        StressTensor? found = null;
        string? foundName = null;
        foreach (string name in only is null ? LabelKeys.StressNames : only.Stress is null ? [] : [only.Stress])
        {
            if (entries.ContainsKey(name))
            {
                Agree(ToTensor(TakeNumbers(name, 9, 6)), name);
            }
        }

        foreach (string name in only is null ? LabelKeys.VirialNames : only.Virial is null ? [] : [only.Virial])
        {
            // Without a cell there is no volume, and a virial remains what it is.
            if (lattice is not null && entries.ContainsKey(name))
            {
                // Six numbers are in Voigt's order for MACE, whose names end in s; nobody says so of others, and VASP's order is another.
                Agree(StressTensor.FromVirial(ToTensor(TakeNumbers(name, 9, name.EndsWith('s') ? 6 : 0)).ToMatrix(), lattice.Volume), name);
            }
        }

        return found;

        static StressTensor ToTensor(double[] n) => n.Length == 6 ? new(n[0], n[1], n[2], n[3], n[4], n[5]) : StressTensor.FromMatrix(Matrix3x3.FromRowMajor(n));

        void Agree(StressTensor tensor, string name)
        {
            if (found is { } other)
            {
                double[] a = other.ToVoigt(), b = tensor.ToVoigt();
                double scale = 0, difference = 0;
                for (int i = 0; i < 6; i++)
                {
                    scale = Math.Max(scale, Math.Abs(a[i]));
                    difference = Math.Max(difference, Math.Abs(a[i] - b[i]));
                }

                // VASP's own two rows differ by 4e-7 of the stress, single precision by 1e-7.
                if (!(difference <= 1e-4 * scale + 1e-6))
                {
                    throw Contradiction(foundName!, name);
                }
            }

            found ??= tensor;
            foundName ??= name;
        }
    }

    private LabelOrigin TakeOrigin()
    {
        string? text = TakeText(FrameKeys.LabelOrigin);
        return text is null ? LabelOrigin.Unknown
            : Enum.TryParse(text, out LabelOrigin origin) && Enum.IsDefined(origin) ? origin
            : throw Error("ExtendedXyzLabelOrigin", "'label_origin' must be AbInitio, MachineLearned or Predicted.", text, "Take it out where nobody knows.");
    }

    private FrameConvergence TakeConvergence()
    {
        string? verdict = TakeText(FrameKeys.Convergence), reason = TakeText(FrameKeys.ConvergenceReason);
        int? steps = TakeCount(FrameKeys.ElectronicSteps), maximum = TakeCount(FrameKeys.MaximumElectronicSteps);
        if (verdict is null)
        {
            return FrameConvergence.Unknown;
        }

        ElectronicConvergence electronic = verdict switch
        {
            "converged" => ElectronicConvergence.Converged,
            "not_converged" => ElectronicConvergence.NotConverged,
            "ambiguous" => ElectronicConvergence.Ambiguous,
            _ => throw Error("ExtendedXyzConvergence", "'convergence' must be converged, not_converged or ambiguous.", verdict, "Take it out where nobody knows."),
        };
        return new(electronic, reason, steps, maximum);
    }

    private DftMethod? TakeMethod()
    {
        // What others keep under that name stays theirs. A model's labels were not computed by the method of the reference's.
        if (!entries.TryGetValue(FrameKeys.Method, out CommentEntry entry) || entry.Text is not { } text || !DftMethodText.IsMethod(text))
        {
            return null;
        }

        entries.Remove(FrameKeys.Method);
        return only == LabelKeys.MacePrediction ? null : methods.Read(text);
    }

    private FrameSource TakeSource()
    {
        string? file = TakeText(FrameKeys.SourceFile);
        int? number = TakeCount(FrameKeys.SourceStep);
        return file is null ? new FrameSource(source, step) : new FrameSource(file, number ?? 1);
    }

    private (string? Name, Provenance? Provenance) TakeDescent()
    {
        string? name = TakeText(FrameKeys.StructureName), group = TakeText(FrameKeys.Group), root = TakeText(FrameKeys.Root);
        bool inferred = entries.Remove(FrameKeys.GroupInferred, out CommentEntry entry)
            && (entry.Value as bool? ?? throw Error("ExtendedXyzGroupInferred", "'group_inferred' must be T or F.", entry.Text, "Take it out where nobody knows."));
        if ((root ?? group) is not { } rootId)
        {
            return (name, null);
        }

        KeyValuePair<string, string>[] parameters = [new("file", source), new("frame", step.ToString(CultureInfo.InvariantCulture))];
        return (name, Provenance.Restore("File", parameters, null, null, null, rootId, group ?? rootId, inferred));
    }

    private string? TakeText(string key) => !entries.Remove(key, out CommentEntry entry) ? null
        : entry.Text ?? throw Error("ExtendedXyzText", $"'{key}' must be a word or a quoted text.", null, "Quote it if it holds blanks or brackets.");

    private int? TakeCount(string key) => !entries.Remove(key, out CommentEntry entry) ? null
        : entry.Value is long and >= 0 and <= int.MaxValue and var count ? (int)(long)count
        : throw Error("ExtendedXyzNumber", $"'{key}' must be a whole number.", entry.Text, "Correct it, or take it out.");

    private double? TakeNumber(string key)
    {
        if (!entries.Remove(key, out CommentEntry entry))
        {
            return null;
        }

        double? value = entry.Value switch { double d => d, long i => i, _ => null };
        return value is { } number && double.IsFinite(number) ? number
            : throw Error("ExtendedXyzNumber", $"'{key}' must be a finite number.", entry.Text, "A frame without this label must not have the key.");
    }

    private double[] TakeNumbers(string key, int count, int otherCount = 0)
    {
        entries.Remove(key, out CommentEntry entry);
        double[]? values = entry.Value switch
        {
            double[] d => d,
            long[] i => Array.ConvertAll(i, x => (double)x),
            double[,] m => m.Cast<double>().ToArray(),
            long[,] m => m.Cast<long>().Select(x => (double)x).ToArray(),
            // What ASE makes of an array of 3 × 3, such as a stress under REF_stress.
            string text when text.StartsWith(JsonMark, StringComparison.Ordinal) => FromJson(text[JsonMark.Length..]),
            _ => null,
        };
        return values is not null && (values.Length == count || values.Length == otherCount) && Array.TrueForAll(values, double.IsFinite)
            ? values
            : throw Error("ExtendedXyzNumber", $"'{key}' must hold {count.ToString(CultureInfo.InvariantCulture)} finite numbers.", entry.Text, "Write them in quotes, separated by blanks.");
    }

    /// <summary>The numbers of a list or of a list of lists; null where it is anything else.</summary>
    private static double[]? FromJson(string text)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(text);
            JsonElement[] rows = json.RootElement.ValueKind == JsonValueKind.Array ? [.. json.RootElement.EnumerateArray()] : [];
            IEnumerable<JsonElement> numbers = Array.TrueForAll(rows, r => r.ValueKind == JsonValueKind.Array && r.GetArrayLength() == rows.Length) ? rows.SelectMany(r => r.EnumerateArray()) : rows;
            return [.. numbers.Select(n => n.ValueKind == JsonValueKind.Number ? n.GetDouble() : double.NaN)];
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static ImmutableArray<Vector3D> ToVectors(double[] values) =>
        ImmutableCollectionsMarshal.AsImmutableArray(MemoryMarshal.Cast<double, Vector3D>(values).ToArray());

    private AtomProNetException Contradiction(string first, string second) =>
        Error("ExtendedXyzLabelsContradict", $"'{first}' and '{second}' contradict each other.", null, "Say which of them holds the label, by the key style, or take one out.");

    private AtomProNetException Error(string id, string problem, string? value, string remedy) =>
        new(ErrorKind.InvalidData, id, problem, source, line, value, remedy);
}
