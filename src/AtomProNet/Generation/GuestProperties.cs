using System.Collections.Immutable;
using AtomProNet.Structures;

namespace AtomProNet.Generation;

/// <summary>
/// The site properties of a structure into which a foreign atom came. What the new atom's value would be is known for some columns: it may move
/// (selective_dynamics true) and rests (velocities 0). Elsewhere it takes the value that all other atoms of its element share; where
/// there is none such (a magnetic moment, an oxidation state of a new element), the column is left out rather than guessed.
/// </summary>
internal static class GuestProperties
{
    /// <summary>The properties that the structure loses because the new atom's value is not known.</summary>
    internal static IEnumerable<string> Lost(Structure parent, Element guest, int? replacedSite) =>
        Descent.Properties(parent).Where(p => ValueFor(parent, p.Key, p.Value, guest, replacedSite) is null).Select(p => p.Key);

    /// <summary>For an atom of another element on a site.</summary>
    internal static ImmutableSortedDictionary<string, SiteProperty> Replace(Structure parent, int site, Element guest) =>
        Build(parent, guest, site, (values, value, width) => Array.Copy(value, 0, values, site * width, width), parent.AtomCount);

    /// <summary>For one more atom at the end.</summary>
    internal static ImmutableSortedDictionary<string, SiteProperty> Add(Structure parent, Element guest) =>
        Build(parent, guest, null, (values, value, width) => Array.Copy(value, 0, values, parent.AtomCount * width, width), parent.AtomCount + 1);

    private static ImmutableSortedDictionary<string, SiteProperty> Build(Structure parent, Element guest, int? replaced, Action<Array, Array, int> put, int count)
    {
        var result = ImmutableSortedDictionary.CreateBuilder<string, SiteProperty>(StringComparer.Ordinal);
        foreach ((string name, SiteProperty column) in Descent.Properties(parent))
        {
            if (ValueFor(parent, name, column, guest, replaced) is not { } value)
            {
                continue;
            }

            Array old = column.Values;
            Array values = Array.CreateInstance(old.GetType().GetElementType()!, count * column.Width);
            Array.Copy(old, values, old.Length);
            put(values, value, column.Width);
            result.Add(name, values switch
            {
                double[] reals => SiteProperty.Real(column.Width, [.. reals]),
                long[] integers => SiteProperty.Integer(column.Width, [.. integers]),
                bool[] logicals => SiteProperty.Logical(column.Width, [.. logicals]),
                _ => SiteProperty.Text(column.Width, [.. (string[])values]),
            });
        }

        return result.ToImmutable();
    }

    private static Array? ValueFor(Structure parent, string name, SiteProperty column, Element guest, int? replaced)
    {
        switch (name)
        {
            case "selective_dynamics" when column.Kind == SitePropertyKind.Logical:
                return replaced is { } site ? Slice(column, site) : Enumerable.Repeat(true, column.Width).ToArray();
            case "velocities" when column.Kind == SitePropertyKind.Real:
                return new double[column.Width];
        }

        Array? shared = null;
        for (int i = 0; i < parent.AtomCount; i++)
        {
            if (parent.Species[i] == guest && i != replaced)
            {
                Array value = Slice(column, i);
                if (shared is not null && !shared.Cast<object>().SequenceEqual(value.Cast<object>()))
                {
                    return null;
                }

                shared = value;
            }
        }

        return shared;
    }

    private static Array Slice(SiteProperty column, int site) => column.Select([site]).Values;
}
