using System.Collections.Immutable;
using AtomProNet.Structures;

namespace AtomProNet.Tests.Generation;

/// <summary>Crystals from textbooks, for tests.</summary>
internal static class SampleCrystals
{
    /// <summary>Face-centred aluminium, conventional cell.</summary>
    public static Structure Aluminium { get; } = Make(Lattice.Cubic(4.05), "Al 0 0 0", "Al 0 .5 .5", "Al .5 0 .5", "Al .5 .5 0");

    /// <summary>Silicon, primitive cell.</summary>
    public static Structure SiliconPrimitive { get; } = Make(new Lattice(new(0, 2.715, 2.715), new(2.715, 0, 2.715), new(2.715, 2.715, 0)), "Si 0 0 0", "Si .25 .25 .25");

    /// <summary>Silicon, conventional cell.</summary>
    public static Structure Silicon { get; } = Make(Lattice.Cubic(5.43), "Si 0 0 0", "Si 0 .5 .5", "Si .5 0 .5", "Si .5 .5 0", "Si .25 .25 .25", "Si .25 .75 .75", "Si .75 .25 .75", "Si .75 .75 .25");

    /// <summary>Rock salt, conventional cell.</summary>
    public static Structure RockSalt { get; } = Make(Lattice.Cubic(5.64), "Na 0 0 0", "Na 0 .5 .5", "Na .5 0 .5", "Na .5 .5 0", "Cl .5 .5 .5", "Cl .5 0 0", "Cl 0 .5 0", "Cl 0 0 .5");

    /// <summary>Rutile, P4₂/mnm, u = 0.305.</summary>
    public static Structure Rutile { get; } = Make(Lattice.FromParameters(4.594, 4.594, 2.959, 90, 90, 90), "Ti 0 0 0", "Ti .5 .5 .5", "O .305 .305 0", "O .695 .695 0", "O .195 .805 .5", "O .805 .195 .5");

    /// <summary>Corundum, R-3c, hexagonal cell: Al 12c z = 0.35216, O 18e x = 0.30624 (Lewis, Schwarzenbach and Flack 1982).</summary>
    public static Structure Corundum { get; } = MakeCorundum();

    /// <summary>A structure from lines "symbol x y z" with fractional coordinates.</summary>
    public static Structure Make(Lattice lattice, params string[] sites)
    {
        string[][] parts = sites.Select(s => s.Split(' ')).ToArray();
        return new Structure(
            lattice,
            parts.Select(p => Element.FromSymbol(p[0])).ToImmutableArray(),
            parts.Select(p => new Vector3D(Number(p[1]), Number(p[2]), Number(p[3]))).ToImmutableArray(),
            CoordinateKind.Fractional);

        static double Number(string text) => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>The form in which Python gets a structure: lattice rows, atomic numbers, fractional positions.</summary>
    public static object ForPython(Structure s) => new
    {
        cell = s.Lattice!.Rows.ToRowMajor(),
        numbers = s.Species.Select(e => e.Number).ToArray(),
        positions = s.FractionalPositions.SelectMany(p => new[] { p.X, p.Y, p.Z }).ToArray(),
    };

    private static Structure MakeCorundum()
    {
        const double z = 0.35216, x = 0.30624;
        Vector3D[] centring = [new(0, 0, 0), new(2.0 / 3, 1.0 / 3, 1.0 / 3), new(1.0 / 3, 2.0 / 3, 2.0 / 3)];
        Vector3D[] aluminium = [new(0, 0, z), new(0, 0, 0.5 - z), new(0, 0, -z), new(0, 0, 0.5 + z)];
        Vector3D[] oxygen = [new(x, 0, 0.25), new(0, x, 0.25), new(-x, -x, 0.25), new(-x, 0, 0.75), new(0, -x, 0.75), new(x, x, 0.75)];
        var positions = centring.SelectMany(c => aluminium.Select(p => p + c)).Concat(centring.SelectMany(c => oxygen.Select(p => p + c)));
        return new Structure(
            Lattice.FromParameters(4.7602, 4.7602, 12.9933, 90, 90, 120),
            Enumerable.Range(0, 30).Select(i => Element.FromSymbol(i < 12 ? "Al" : "O")).ToImmutableArray(),
            positions.ToImmutableArray(),
            CoordinateKind.Fractional).Wrap();
    }
}
