using System.Collections.Immutable;
using AtomProNet.Structures;

namespace AtomProNet.Tests.Formats;

/// <summary>Random frames with everything that extended XYZ can hold, texts that mean to break it among it.</summary>
internal static class RandomFrames
{
    private static readonly string[] Hostile =
    [
        "", " ", "12", "-1.5e3", "1 2 3", "1,2", "T", "F", "true", "nan", "inf", "nnn", "\"", "\\", "\\n", "a\nb", "\n", "=", "a=b", "[1, 2]", "{x}", "]", "}",
        "Lattice=\"1 0 0\"", "two words", "tab\there", "µ Å σ→0", "名前", "\U0001F48E", "'quoted'", "\"1 2\"", "a,b", "\u00A0", "C:\\temp\\new", "_JSON [1]", "#", "x ", " x", "t", "+", ".", "-",
    ];

    public static string AnyText(Random random) => random.Next(3) switch
    {
        0 => "word" + random.Next(),
        1 => Hostile[random.Next(Hostile.Length)] + Hostile[random.Next(Hostile.Length)],
        _ => Hostile[random.Next(Hostile.Length)],
    };

    public static Frame Any(Random random)
    {
        int n = random.Next(0, 6);
        var properties = ImmutableSortedDictionary.CreateBuilder<string, SiteProperty>(StringComparer.Ordinal);
        for (int k = random.Next(5); k > 0; k--)
        {
            int width = random.Next(1, 4);
            properties["column" + k] = random.Next(4) switch
            {
                0 => SiteProperty.Real(width, [.. Enumerable.Range(0, n * width).Select(_ => RandomStructures.AnyDouble(random))]),
                1 => SiteProperty.Integer(width, [.. Enumerable.Range(0, n * width).Select(_ => random.NextInt64(long.MinValue, long.MaxValue))]),
                2 => SiteProperty.Logical(width, [.. Enumerable.Range(0, n * width).Select(_ => random.Next(2) == 0)]),
                _ => SiteProperty.Text(width, [.. Enumerable.Range(0, n * width).Select(_ => "w\"\\=µ," + random.Next())]),
            };
        }

        if (random.Next(4) == 0)
        {
            properties["magmom"] = SiteProperty.Real(1, [.. Enumerable.Range(0, n).Select(_ => random.NextDouble())]);
        }

        bool molecule = random.Next(5) == 0;
        Structure s = RandomStructures.Any(random, properties: null, atoms: n, name: random.Next(2) == 0 ? AnyText(random) : null);
        Periodicity periodicity = molecule ? Periodicity.None : new(random.Next(2) == 0, random.Next(2) == 0, random.Next(2) == 0);
        Provenance? provenance = random.Next(2) == 0 ? null : Provenance.Root("File", AnyText(random)).WithGroup(AnyText(random), random.Next(2) == 0);
        var structure = new Structure(molecule ? null : s.Lattice, s.Species, s.CartesianPositions, CoordinateKind.Cartesian, periodicity, properties.ToImmutable(), s.Name, provenance);

        var information = ImmutableSortedDictionary.CreateBuilder<string, object>(StringComparer.Ordinal);
        for (int k = random.Next(6); k > 0; k--)
        {
            information[random.Next(3) == 0 ? "k" + AnyText(random) : "key" + k] = AnyValue(random);
        }

        double? Maybe() => random.Next(2) == 0 ? null : RandomStructures.AnyDouble(random);
        return new Frame(structure)
        {
            FreeEnergy = Maybe(),
            EnergyWithoutEntropy = Maybe(),
            EnergySigmaToZero = Maybe(),
            UnspecifiedEnergy = Maybe(),
            Forces = random.Next(2) == 0 ? null : [.. Enumerable.Range(0, n).Select(_ => RandomStructures.AnyVector(random))],
            Stress = random.Next(2) == 0 ? null : new StressTensor(random.NextDouble(), -random.NextDouble(), 0, random.NextDouble(), 1e-9, -0.0),
            MagneticMoments = random.Next(3) == 0 ? [.. Enumerable.Range(0, n).Select(_ => random.NextDouble())] : null,
            TotalMagneticMoment = Maybe(),
            Charges = random.Next(3) == 0 ? [.. Enumerable.Range(0, n).Select(_ => random.NextDouble())] : null,
            Temperature = Maybe(),
            KineticEnergy = Maybe(),
            Origin = (LabelOrigin)random.Next(4),
            Convergence = random.Next(2) == 0 ? FrameConvergence.Unknown : new(ElectronicConvergence.Ambiguous, AnyText(random), 3, null),
            BasisLattice = random.Next(3) == 0 ? RandomStructures.AnyLattice(random) : null,
            Method = random.Next(2) == 0 ? null : AnyMethod(random),
            Source = new FrameSource("f" + AnyText(random), random.Next(1, 100)),
            ConfigType = random.Next(2) == 0 ? null : AnyText(random),
            Weight = Maybe(),
            Information = information.ToImmutable(),
        };
    }

    /// <summary>A method with any of its settings told, in texts that mean to break what they stand in.</summary>
    public static DftMethod AnyMethod(Random random)
    {
        string? Text() => random.Next(2) == 0 ? null : AnyText(random);
        double? Number() => random.Next(2) == 0 ? null : RandomStructures.AnyDouble(random);
        bool? Truth() => random.Next(3) switch { 0 => null, 1 => false, _ => true };
        DftMethod method = new()
        {
            Code = "c" + AnyText(random),
            Version = Text(),
            Functional = Text(),
            Dispersion = Text(),
            CutoffEnergy = Number(),
            DensityCutoffEnergy = Number(),
            Precision = Text(),
            Smearing = Text(),
            SmearingWidth = Number(),
            AsphericalCorrections = Truth(),
            SpinPolarised = Truth(),
            KPointMesh = Text(),
            ElectronicTolerance = Number(),
        };
        return random.Next(2) == 0 ? method : method with
        {
            Potentials = method.Potentials.Add("Al", AnyText(random)).Add("O", "PAW_PBE O_s; 07Sep2000 = %3B"),
            HubbardU = method.HubbardU.Add("Fe", RandomStructures.AnyDouble(random)),
        };
    }

    /// <summary>Whether two frames hold the same, bit for bit and type for type.</summary>
    public static void AssertSame(Frame expected, Frame actual)
    {
        Assert.Equal(Bits(expected), Bits(actual));
        Assert.Equal(expected.Method, actual.Method);
        Assert.True(expected.Structure.Equals(actual.Structure));
    }

    private static object AnyValue(Random random) => random.Next(9) switch
    {
        0 => random.NextInt64(long.MinValue, long.MaxValue),
        1 => RandomStructures.AnyDouble(random),
        2 => random.Next(2) == 0,
        3 => Enumerable.Range(0, random.Next(1, 4)).Select(_ => RandomStructures.AnyDouble(random)).ToArray(),
        4 => Enumerable.Range(0, random.Next(1, 4)).Select(_ => random.NextInt64()).ToArray(),
        5 => Enumerable.Range(0, random.Next(1, 4)).Select(_ => AnyText(random)).ToArray(),
        6 => new[,] { { RandomStructures.AnyDouble(random), 2 }, { 3, 4 } },
        7 => new[,] { { AnyText(random) }, { AnyText(random) } },
        _ => AnyText(random),
    };

    private static string Bits(Frame f)
    {
        string Number(double? d) => d is { } x ? BitConverter.DoubleToInt64Bits(x).ToString("x16", System.Globalization.CultureInfo.InvariantCulture) : "-";
        string Vector(Vector3D v) => Number(v.X) + Number(v.Y) + Number(v.Z);
        string Value(object v) => v switch
        {
            double d => "r" + Number(d),
            long i => "i" + i,
            bool b => "l" + b,
            string s => "s" + s,
            Array a => a.Rank + ":" + a.GetLength(0) + "[" + string.Join(";", a.Cast<object>().Select(Value)) + "]",
            _ => throw new InvalidOperationException(v.GetType().Name),
        };
        return string.Join('\n',
        [
            f.Structure.Lattice is { } l ? string.Join("", l.Rows.ToRowMajor().Select(x => Number(x))) : "-",
            f.Structure.Periodicity.ToString(),
            string.Join(' ', f.Structure.Species),
            string.Join(' ', f.Structure.CartesianPositions.Select(Vector)),
            .. f.Structure.SiteProperties.Select(p => p.Key + p.Value.Width + Value(p.Value.Values)),
            "name " + f.Structure.Name + "|" + f.Structure.Provenance?.RootId + "|" + f.GroupId + "|" + f.Structure.Provenance?.GroupInferred,
            Number(f.FreeEnergy) + Number(f.EnergyWithoutEntropy) + Number(f.EnergySigmaToZero) + Number(f.UnspecifiedEnergy),
            f.Forces is { } forces ? string.Join(' ', forces.Select(Vector)) : "-",
            f.Stress is { } s ? string.Join(' ', s.ToVoigt().Select(x => Number(x))) : "-",
            f.MagneticMoments is { } m ? string.Join(' ', m.Select(x => Number(x))) : "-",
            f.Charges is { } c ? string.Join(' ', c.Select(x => Number(x))) : "-",
            Number(f.TotalMagneticMoment) + Number(f.Temperature) + Number(f.KineticEnergy) + Number(f.Weight),
            f.Origin + "|" + f.Convergence + "|" + f.Source + "|" + f.ConfigType,
            f.BasisLattice is { } b ? string.Join("", b.Rows.ToRowMajor().Select(x => Number(x))) : "-",
            .. f.Information.Select(p => p.Key + "=" + Value(p.Value)),
        ]);
    }
}
