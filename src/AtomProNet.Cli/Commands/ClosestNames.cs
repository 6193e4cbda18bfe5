namespace AtomProNet.Cli.Commands;

/// <summary>Guesses which name was meant.</summary>
internal static class ClosestNames
{
    private const int AtMost = 3;

    /// <summary>The names that are a few slips away, or that contain what was written; the closest first.</summary>
    public static List<string> Among(IEnumerable<string> names, string written)
    {
        var tolerance = written.Length < 4 ? 1 : Math.Max(2, written.Length / 3);
        var ranked = names
            .Select(name => (Name: name, Slips: Slips(name.ToUpperInvariant(), written.ToUpperInvariant())))
            .Select(item => item.Slips <= tolerance ? item
                : written.Length >= 3 && item.Name.Contains(written, StringComparison.OrdinalIgnoreCase) ? (item.Name, Slips: tolerance + 1)
                : SameNoun(item.Name, written) ? (item.Name, Slips: tolerance + 2)
                : (item.Name, Slips: int.MaxValue))
            .Where(item => item.Slips < int.MaxValue)
            .OrderBy(item => item.Slips)
            .ThenBy(item => item.Name, StringComparer.OrdinalIgnoreCase)
            .ToList();

        // What is further off than the best guess only distracts.
        return [.. ranked.TakeWhile(item => item.Slips == ranked[0].Slips).Take(AtMost).Select(item => item.Name)];
    }

    /// <summary>The right noun after another verb.</summary>
    private static bool SameNoun(string name, string written)
    {
        var dash = written.IndexOf('-', StringComparison.Ordinal);
        return dash > 0 && dash < written.Length - 2 && name.EndsWith(written[dash..], StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>How many letters to insert, leave out, replace or swap with their neighbour (optimal string alignment).</summary>
    private static int Slips(string a, string b)
    {
        var distance = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            distance[i, 0] = i;
        }

        for (var j = 0; j <= b.Length; j++)
        {
            distance[0, j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                distance[i, j] = Math.Min(Math.Min(distance[i - 1, j] + 1, distance[i, j - 1] + 1), distance[i - 1, j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    distance[i, j] = Math.Min(distance[i, j], distance[i - 2, j - 2] + 1);
                }
            }
        }

        return distance[a.Length, b.Length];
    }
}
