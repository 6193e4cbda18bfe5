using System.Collections.Immutable;
using AtomProNet.Structures;

namespace AtomProNet.Calculations;

/// <summary>
/// One object for each method that the outputs of a set were made with: thousands of files tell the same one, and whoever compares,
/// counts or writes methods need not look into them again.
/// </summary>
internal static class SharedMethods
{
    // Sets of more methods than that only lose the gain.
    private const int Most = 16;
    private static readonly object Gate = new();
    private static DftMethod[] known = [];

    /// <summary>The object for a method that is the same in all that it tells.</summary>
    public static DftMethod Of(DftMethod method)
    {
        foreach (DftMethod other in Volatile.Read(ref known))
        {
            if (IsSame(method, other))
            {
                return other;
            }
        }

        lock (Gate)
        {
            known = [method, .. known.Take(Most - 1)];
        }

        return method;
    }

    // Every single setting, also those that no comparison of methods looks at.
    private static bool IsSame(DftMethod a, DftMethod b) =>
        a.Code == b.Code && a.Version == b.Version && a.Functional == b.Functional && a.Dispersion == b.Dispersion && a.CutoffEnergy.Equals(b.CutoffEnergy)
        && a.DensityCutoffEnergy.Equals(b.DensityCutoffEnergy) && a.Precision == b.Precision && a.Smearing == b.Smearing && a.SmearingWidth.Equals(b.SmearingWidth)
        && a.AsphericalCorrections == b.AsphericalCorrections && a.SpinPolarised == b.SpinPolarised && a.KPointMesh == b.KPointMesh
        && a.ElectronicTolerance.Equals(b.ElectronicTolerance) && a.CoreCount == b.CoreCount
        && IsSame(a.Potentials, b.Potentials) && IsSame(a.HubbardU, b.HubbardU);

    // Asked for each file; SequenceEqual would compare pairs by reflection.
    private static bool IsSame<T>(ImmutableSortedDictionary<string, T> a, ImmutableSortedDictionary<string, T> b)
        where T : IEquatable<T>
    {
        if (a.Count != b.Count)
        {
            return false;
        }

        foreach ((string key, T value) in a)
        {
            if (!b.TryGetValue(key, out T? other) || !value.Equals(other))
            {
                return false;
            }
        }

        return true;
    }
}
