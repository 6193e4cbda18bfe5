using System.Collections.Immutable;
using System.Runtime.InteropServices;
using AtomProNet.Structures;

namespace AtomProNet.Datasets.Spooling;

/// <summary>
/// A whole frame as bytes, for temporary files that this very process reads again: every label, site property and key, coordinates of
/// the kind that was given. Methods, of which a set has few, stay in memory and are named by number.
/// </summary>
internal sealed class FrameRecord
{
    private readonly Dictionary<DftMethod, int> numbers = [];
    private readonly List<DftMethod> methods = [];
    private (string Text, Provenance Value)? lastProvenance;

    /// <summary>Writes a frame.</summary>
    public void Write(Stream stream, Frame frame)
    {
        using var w = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true);
        WriteStructure(w, frame.Structure);
        foreach (double? number in (ReadOnlySpan<double?>)[frame.FreeEnergy, frame.EnergyWithoutEntropy, frame.EnergySigmaToZero, frame.UnspecifiedEnergy, frame.TotalMagneticMoment, frame.Temperature, frame.KineticEnergy, frame.Weight])
        {
            Optional(w, number);
        }

        Vectors(w, frame.Forces);
        w.Write(frame.Stress is not null);
        Numbers(w, frame.Stress?.ToVoigt() ?? []);
        w.Write(frame.MagneticMoments is not null);
        if (frame.MagneticMoments is { } moments)
        {
            Numbers(w, moments.AsSpan());
        }

        Vectors(w, frame.MagneticMomentVectors);
        w.Write(frame.Charges is not null);
        if (frame.Charges is { } charges)
        {
            Numbers(w, charges.AsSpan());
        }

        w.Write((int)frame.Origin);
        w.Write((int)frame.Convergence.Electronic);
        Text(w, frame.Convergence.Reason);
        w.Write(frame.Convergence.ElectronicSteps ?? -1);
        w.Write(frame.Convergence.MaximumElectronicSteps ?? -1);
        w.Write(frame.Method is { } method ? Number(method) : -1);
        Cell(w, frame.BasisLattice);
        Text(w, frame.Source?.File);
        w.Write(frame.Source?.Step ?? 0);
        Text(w, frame.ConfigType);
        w.Write(frame.Information.Count);
        foreach ((string key, object value) in frame.Information)
        {
            w.Write(key);
            RecordValue.Write(w, value);
        }
    }

    /// <summary>Reads what <see cref="Write"/> of this very instance wrote.</summary>
    public Frame Read(Stream stream)
    {
        using var r = new BinaryReader(stream, System.Text.Encoding.UTF8, leaveOpen: true);
        Structure structure = ReadStructure(r);
        double? free = Optional(r), without = Optional(r), sigma = Optional(r), unspecified = Optional(r), moment = Optional(r), temperature = Optional(r), kinetic = Optional(r), weight = Optional(r);
        ImmutableArray<Vector3D>? forces = Vectors(r);
        bool hasStress = r.ReadBoolean();
        double[] stress = Numbers(r);
        ImmutableArray<double>? moments = r.ReadBoolean() ? ImmutableCollectionsMarshal.AsImmutableArray(Numbers(r)) : null;
        ImmutableArray<Vector3D>? vectors = Vectors(r);
        ImmutableArray<double>? charges = r.ReadBoolean() ? ImmutableCollectionsMarshal.AsImmutableArray(Numbers(r)) : null;
        var origin = (LabelOrigin)r.ReadInt32();
        var convergence = new FrameConvergence((ElectronicConvergence)r.ReadInt32(), Text(r), Count(r), Count(r));
        int method = r.ReadInt32();
        Lattice? basis = Cell(r);
        string? file = Text(r);
        int step = r.ReadInt32();
        string? configType = Text(r);
        var information = ImmutableSortedDictionary.CreateBuilder<string, object>(StringComparer.Ordinal);
        for (int left = r.ReadInt32(); left > 0; left--)
        {
            string key = r.ReadString();
            information.Add(key, RecordValue.Read(r));
        }

        return new Frame(structure)
        {
            FreeEnergy = free,
            EnergyWithoutEntropy = without,
            EnergySigmaToZero = sigma,
            UnspecifiedEnergy = unspecified,
            Forces = forces,
            Stress = hasStress ? new(stress[0], stress[1], stress[2], stress[3], stress[4], stress[5]) : null,
            MagneticMoments = moments,
            MagneticMomentVectors = vectors,
            TotalMagneticMoment = moment,
            Charges = charges,
            Temperature = temperature,
            KineticEnergy = kinetic,
            Origin = origin,
            Convergence = convergence,
            Method = method < 0 ? null : methods[method],
            BasisLattice = basis,
            Source = file is null ? null : new(file, step),
            ConfigType = configType,
            Weight = weight,
            Information = information.ToImmutable(),
        };

        static int? Count(BinaryReader r) => r.ReadInt32() is >= 0 and var count ? count : null;
    }

    private int Number(DftMethod method)
    {
        if (!numbers.TryGetValue(method, out int number))
        {
            numbers.Add(method, number = methods.Count);
            methods.Add(method);
        }

        return number;
    }

    private static void WriteStructure(BinaryWriter w, Structure s)
    {
        Cell(w, s.Lattice);
        w.Write((byte)((s.Periodicity.A ? 1 : 0) | (s.Periodicity.B ? 2 : 0) | (s.Periodicity.C ? 4 : 0)));
        w.Write((byte)s.CoordinateKind);
        w.Write(s.AtomCount);
        foreach (Element element in s.Species)
        {
            w.Write((byte)element.Number);
        }

        Vectors(w, s.CoordinateKind == CoordinateKind.Fractional ? s.FractionalPositions : s.CartesianPositions);
        w.Write(s.SiteProperties.Count);
        foreach ((string name, SiteProperty column) in s.SiteProperties)
        {
            w.Write(name);
            w.Write(column.Width);
            RecordValue.Write(w, column.Values);
        }

        Text(w, s.Name);
        Text(w, s.Provenance is { } provenance ? ProvenanceJson.WriteText(provenance) : null);
    }

    private Structure ReadStructure(BinaryReader r)
    {
        Lattice? lattice = Cell(r);
        byte periodic = r.ReadByte();
        var kind = (CoordinateKind)r.ReadByte();
        var species = new Element[r.ReadInt32()];
        for (int i = 0; i < species.Length; i++)
        {
            species[i] = Element.FromNumber(r.ReadByte());
        }

        ImmutableArray<Vector3D> positions = Vectors(r)!.Value;
        var columns = ImmutableSortedDictionary.CreateBuilder<string, SiteProperty>(StringComparer.Ordinal);
        for (int left = r.ReadInt32(); left > 0; left--)
        {
            string name = r.ReadString();
            int width = r.ReadInt32();
            columns.Add(name, RecordValue.Read(r) switch
            {
                double[] reals => SiteProperty.Real(width, [.. reals]),
                long[] integers => SiteProperty.Integer(width, [.. integers]),
                bool[] logicals => SiteProperty.Logical(width, [.. logicals]),
                string[] texts => SiteProperty.Text(width, [.. texts]),
                var other => throw new InvalidDataException($"A column of {other.GetType()}."),
            });
        }

        string? structureName = Text(r);
        return new(
            lattice,
            ImmutableCollectionsMarshal.AsImmutableArray(species),
            positions,
            kind,
            new((periodic & 1) != 0, (periodic & 2) != 0, (periodic & 4) != 0),
            columns.ToImmutable(),
            structureName,
            Text(r) is { } json ? ReadProvenance(json) : null);
    }

    // Frames of one series often share theirs.
    private Provenance ReadProvenance(string json)
    {
        if (lastProvenance is not { } last || last.Text != json)
        {
            lastProvenance = last = (json, ProvenanceJson.ReadText(json));
        }

        return last.Value;
    }

    private static void Text(BinaryWriter w, string? text)
    {
        w.Write(text is not null);
        if (text is not null)
        {
            w.Write(text);
        }
    }

    private static string? Text(BinaryReader r) => r.ReadBoolean() ? r.ReadString() : null;

    private static void Optional(BinaryWriter w, double? number)
    {
        w.Write(number is not null);
        if (number is { } value)
        {
            w.Write(value);
        }
    }

    private static double? Optional(BinaryReader r) => r.ReadBoolean() ? r.ReadDouble() : null;

    private static void Cell(BinaryWriter w, Lattice? lattice)
    {
        w.Write(lattice is not null);
        if (lattice is not null)
        {
            Numbers(w, lattice.Rows.ToRowMajor());
        }
    }

    private static Lattice? Cell(BinaryReader r) => r.ReadBoolean() ? new(Matrix3x3.FromRowMajor(Numbers(r))) : null;

    private static void Numbers(BinaryWriter w, ReadOnlySpan<double> numbers)
    {
        w.Write(numbers.Length);
        w.Write(MemoryMarshal.AsBytes(numbers));
    }

    private static double[] Numbers(BinaryReader r)
    {
        var numbers = new double[r.ReadInt32()];
        r.BaseStream.ReadExactly(MemoryMarshal.AsBytes(numbers.AsSpan()));
        return numbers;
    }

    private static void Vectors(BinaryWriter w, ImmutableArray<Vector3D>? vectors)
    {
        w.Write(vectors is not null);
        if (vectors is { } given)
        {
            Numbers(w, MemoryMarshal.Cast<Vector3D, double>(given.AsSpan()));
        }
    }

    private static ImmutableArray<Vector3D>? Vectors(BinaryReader r)
    {
        if (!r.ReadBoolean())
        {
            return null;
        }

        var vectors = new Vector3D[r.ReadInt32() / 3];
        r.BaseStream.ReadExactly(MemoryMarshal.AsBytes(vectors.AsSpan()));
        return ImmutableCollectionsMarshal.AsImmutableArray(vectors);
    }
}
