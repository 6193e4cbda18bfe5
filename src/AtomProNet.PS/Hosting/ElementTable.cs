using System.Collections;
using System.Management.Automation;
using AtomProNet.Evaluation.Energies;

namespace AtomProNet.PS.Hosting;

/// <summary>Tables by element, such as @{Al=-3.74; O=-4.93}, whose values may come wrapped out of a pipeline.</summary>
internal static class ElementTable
{
    /// <summary>Energies in eV per atom; none where there is no table.</summary>
    /// <exception cref="AtomProNetException">A key is no element, or a value no number.</exception>
    public static AtomEnergies Energies(IDictionary? table)
    {
        var plain = new Hashtable();
        foreach (DictionaryEntry entry in table ?? plain)
        {
            plain[entry.Key] = Unwrapped(entry.Value);
        }

        return AtomEnergies.FromTable(plain);
    }

    /// <summary>A value as it is, without PowerShell's wrapping; the members of an array likewise.</summary>
    public static object? Unwrapped(object? value)
    {
        object? inner = value is PSObject wrapped ? wrapped.BaseObject : value;
        return inner is object?[] list ? list.Select(v => v is PSObject w ? w.BaseObject : v).ToArray() : inner;
    }
}
