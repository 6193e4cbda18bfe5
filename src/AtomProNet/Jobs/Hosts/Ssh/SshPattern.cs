namespace AtomProNet.Jobs.Hosts.Ssh;

/// <summary>Patterns as OpenSSH's files have them (ssh_config(5), PATTERNS; match.c): <c>*</c>, <c>?</c>, and <c>!</c> before one that excludes.</summary>
internal static class SshPattern
{
    /// <summary>Whether a name fits a list: one pattern fits, and none that excludes does.</summary>
    /// <param name="name">The name.</param>
    /// <param name="patterns">The patterns.</param>
    /// <param name="ignoreCase">Whether case does not matter: in known_hosts, but not in a configuration.</param>
    internal static bool MatchesAny(string name, IEnumerable<string> patterns, bool ignoreCase = false)
    {
        bool found = false;
        foreach (string pattern in patterns)
        {
            bool excludes = pattern.StartsWith('!');
            if (Matches(name, excludes ? pattern.AsSpan(1) : pattern, ignoreCase))
            {
                if (excludes)
                {
                    return false;
                }

                found = true;
            }
        }

        return found;
    }

    /// <summary>Whether a name fits one pattern. Time grows with the product of the lengths, whatever the pattern.</summary>
    internal static bool Matches(ReadOnlySpan<char> name, ReadOnlySpan<char> pattern, bool ignoreCase)
    {
        int n = 0, p = 0, star = -1, from = 0;
        while (n < name.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                star = p++;
                from = n;
            }
            else if (p < pattern.Length && (pattern[p] == '?' || Same(pattern[p], name[n], ignoreCase)))
            {
                p++;
                n++;
            }
            else if (star >= 0)
            {
                p = star + 1;
                n = ++from;
            }
            else
            {
                return false;
            }
        }

        return pattern[p..].IndexOfAnyExcept('*') < 0;
    }

    private static bool Same(char a, char b, bool ignoreCase) => a == b || (ignoreCase && char.ToLowerInvariant(a) == char.ToLowerInvariant(b));
}
