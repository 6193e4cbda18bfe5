using System.Collections.Concurrent;
using AtomProNet.Structures;

namespace AtomProNet.Calculations;

/// <summary>
/// One object for each method that the outputs of a set were made with: thousands of files tell the same one, and whoever compares,
/// counts or writes methods need not look into them again.
/// </summary>
internal static class SharedMethods
{
    private const int Most = 256;
    private static readonly ConcurrentDictionary<string, DftMethod> Known = new(StringComparer.Ordinal);

    /// <summary>The object for a method that is the same in all that it tells.</summary>
    public static DftMethod Of(DftMethod method)
    {
        string text = DftMethodText.Write(method);
        if (Known.Count >= Most)
        {
            Known.Clear();
        }

        return Known.GetOrAdd(text, method);
    }
}
