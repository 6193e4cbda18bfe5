using AtomProNet.Structures;

namespace AtomProNet.Formats.ExtendedXyz;

/// <summary>Remembers the methods of a file by their texts, so that a million frames of one run share one object.</summary>
internal sealed class MethodCache
{
    // Sets have a method a mesh and code version, hundreds at the most; beyond that a file names a new one for each frame.
    private const int Capacity = 1024;

    private readonly Dictionary<string, DftMethod> known = new(StringComparer.Ordinal);

    /// <summary>The method that a text tells.</summary>
    /// <exception cref="AtomProNetException">The text is damaged.</exception>
    public DftMethod Read(string text)
    {
        if (known.TryGetValue(text, out DftMethod? method))
        {
            return method;
        }

        if (known.Count == Capacity)
        {
            known.Clear();
        }

        return known[text] = DftMethodText.Read(text);
    }
}
