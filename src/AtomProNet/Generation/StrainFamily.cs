using System.Globalization;

namespace AtomProNet.Generation;

/// <summary>A strain of a series with its name and what it is called in the provenance.</summary>
/// <param name="Strain">The strain.</param>
/// <param name="Mode">The mode that it belongs to; null for one of a list.</param>
/// <param name="Value">The one number that a mode scans; null for a grid or a list.</param>
/// <param name="Name">A name that does not depend on what else is in the series.</param>
internal readonly record struct StrainState(VoigtStrain Strain, StrainMode? Mode, decimal? Value, string Name);

/// <summary>A set of strains in a fixed order that can tell, without listing them, whether a strain is one of them.</summary>
internal abstract class StrainFamily
{
    /// <summary>The number of decimals that its values need.</summary>
    internal abstract int Decimals { get; }

    /// <summary>The strains, made one by one.</summary>
    internal abstract IEnumerable<StrainState> States(int decimals);

    internal abstract bool Contains(VoigtStrain strain);

    /// <summary>The strains that decide whether all of them leave a cell (those at the ends: what lies between is safe, positive definite matrices being a convex set).</summary>
    internal abstract IEnumerable<VoigtStrain> Extremes { get; }

    /// <summary>The name: the components that are listed, with sign and the same number of decimals everywhere.</summary>
    protected static string Name(VoigtStrain strain, IEnumerable<int> components, int decimals) => strain.IsZero
        ? "strain_" + Signed(0, decimals)
        : "strain_" + string.Join('_', components.Select(i => VoigtStrain.ComponentNames[i] + Signed(strain[i], decimals)));

    protected static string Signed(decimal value, int decimals) => (value < 0 ? "" : "+") + value.ToString("F" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}

/// <summary>One pattern of components that all take the same value: hydrostatic, one axis, one plane, one shear.</summary>
internal sealed class StrainLine(StrainMode mode, int[] components, StrainRange range) : StrainFamily
{
    internal override int Decimals => range.Decimals;

    internal override IEnumerable<VoigtStrain> Extremes => [At(range.First), At(range.Last)];

    internal override IEnumerable<StrainState> States(int decimals) => range.Values.Select(value =>
    {
        VoigtStrain strain = At(value);
        return new StrainState(strain, mode, value, mode == StrainMode.Hydrostatic ? "strain_" + Signed(value, decimals) : Name(strain, components, decimals));
    });

    internal override bool Contains(VoigtStrain strain)
    {
        decimal value = strain[components[0]];
        return strain == At(value) && range.Contains(value);
    }

    private VoigtStrain At(decimal value)
    {
        var entries = new decimal[6];
        foreach (int i in components)
        {
            entries[i] = value;
        }

        return VoigtStrain.FromList(entries);
    }
}

/// <summary>The full grid ε_xx × ε_yy × ε_zz; zz changes fastest.</summary>
internal sealed class StrainGrid(StrainRange range) : StrainFamily
{
    private static readonly int[] Diagonal = [0, 1, 2];

    internal override int Decimals => range.Decimals;

    internal override IEnumerable<VoigtStrain> Extremes =>
        from v in new[] { range.First, range.Last } select new VoigtStrain(v, v, v, 0, 0, 0);

    internal override IEnumerable<StrainState> States(int decimals) =>
        from xx in range.Values
        from yy in range.Values
        from zz in range.Values
        let strain = new VoigtStrain(xx, yy, zz, 0, 0, 0)
        select new StrainState(strain, StrainMode.Volumetric, null, Name(strain, Diagonal, decimals));

    internal override bool Contains(VoigtStrain strain) =>
        strain is { YZ: 0, XZ: 0, XY: 0 } && range.Contains(strain.XX) && range.Contains(strain.YY) && range.Contains(strain.ZZ);
}

/// <summary>Strains that somebody wrote down.</summary>
internal sealed class StrainList(IReadOnlyList<VoigtStrain> strains) : StrainFamily
{
    private readonly HashSet<VoigtStrain> set = [.. strains];

    internal override int Decimals { get; } = strains.Count == 0 ? 0 : strains.Max(s => Enumerable.Range(0, 6).Max(i => StrainRange.DecimalsOf(s[i])));

    internal override IEnumerable<VoigtStrain> Extremes => strains;

    internal override IEnumerable<StrainState> States(int decimals) => strains.Select(strain =>
        new StrainState(strain, null, null, Name(strain, Enumerable.Range(0, 6).Where(i => strain[i] != 0), decimals)));

    internal override bool Contains(VoigtStrain strain) => set.Contains(strain);
}
