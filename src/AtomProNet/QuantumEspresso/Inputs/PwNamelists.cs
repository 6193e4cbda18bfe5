using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using AtomProNet.Files;

namespace AtomProNet.QuantumEspresso.Inputs;

/// <summary>The namelists of an input: variables with their values as Fortran text, in the order in which they are written.</summary>
internal sealed partial class PwNamelists
{
    /// <summary>The namelists in the order that pw.x reads them in.</summary>
    internal static readonly ImmutableArray<string> Order = ["CONTROL", "SYSTEM", "ELECTRONS", "IONS", "CELL"];

    /// <summary>What the structure and the parameters of the cmdlet decide, and an override would contradict.</summary>
    private static readonly Dictionary<string, string> Decided = new(StringComparer.Ordinal)
    {
        ["calculation"] = "Use -Calculation.",
        ["ibrav"] = "The cell is written as it is; the structure decides it.",
        ["celldm"] = "The cell is written as it is; the structure decides it.",
        ["a"] = "The cell is written as it is; the structure decides it.",
        ["b"] = "The cell is written as it is; the structure decides it.",
        ["c"] = "The cell is written as it is; the structure decides it.",
        ["cosab"] = "The cell is written as it is; the structure decides it.",
        ["cosac"] = "The cell is written as it is; the structure decides it.",
        ["cosbc"] = "The cell is written as it is; the structure decides it.",
        ["space_group"] = "All atoms are written; the structure decides them.",
        ["nat"] = "The structure decides it.",
        ["ntyp"] = "The structure decides it.",
        ["pseudo_dir"] = "Use -PseudoDirectory.",
    };

    private static readonly Lazy<Dictionary<string, string>> Homes = new(ReadHomes);

    private readonly Dictionary<string, List<KeyValuePair<string, string>>> entries = Order.ToDictionary(n => n, _ => new List<KeyValuePair<string, string>>(), StringComparer.Ordinal);

    /// <summary>Every variable with its value.</summary>
    internal IEnumerable<KeyValuePair<string, string>> All => Order.SelectMany(n => entries[n]);

    /// <summary>The value of a variable; null where it is not set.</summary>
    internal string? this[string name] => All.Where(e => e.Key == name).Select(e => e.Value).FirstOrDefault();

    /// <summary>The namelist that a variable belongs to; null where it is not known.</summary>
    internal static string? HomeOf(string name) => Homes.Value.GetValueOrDefault(Stem(name));

    /// <summary>A Fortran literal: <c>.true.</c>, <c>4</c>, <c>1.0d-9</c>, <c>'text'</c>, or several with commas.</summary>
    /// <exception cref="AtomProNetException">The value is nothing of the kind.</exception>
    internal static string Literal(object value) => value switch
    {
        bool flag => flag ? ".true." : ".false.",
        string text => Text(text),
        double or float => Real(Convert.ToDouble(value, CultureInfo.InvariantCulture)),
        decimal d => Real((double)d),
        sbyte or byte or short or ushort or int or uint or long or ulong => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        System.Collections.IEnumerable list => string.Join(", ", list.Cast<object>().Select(Literal)),
        _ => throw new AtomProNetException(ErrorKind.InvalidArgument, "NamelistValueInvalid", "This cannot stand in a namelist.", value: value.ToString(), remedy: "Numbers, texts, $true and $false can."),
    };

    /// <summary>The shortest digits that read back the same, as Fortran writes them.</summary>
    internal static string Real(double value) => double.IsFinite(value)
        ? value.ToString("R", CultureInfo.InvariantCulture).Replace("E", "d", StringComparison.Ordinal)
        : throw new AtomProNetException(ErrorKind.InvalidArgument, "NamelistValueInvalid", "A number in a namelist is finite.", value: value.ToString(CultureInfo.InvariantCulture));

    /// <summary>Sets a variable; what it was before is replaced in its place.</summary>
    internal void Set(string name, object value) => Put(HomeOf(name) ?? throw new ArgumentException($"'{name}' has no namelist.", nameof(name)), name, Literal(value));

    /// <summary>Applies what the user sets.</summary>
    /// <exception cref="AtomProNetException">A variable is decided elsewhere, or nobody knows its namelist.</exception>
    internal void Apply(IEnumerable<PwOverride> overrides, List<Finding> findings)
    {
        foreach (PwOverride o in overrides)
        {
            string name = o.Name.Trim().ToLowerInvariant();
            if (!Variable().IsMatch(name))
            {
                throw new AtomProNetException(ErrorKind.InvalidArgument, "NamelistVariableInvalid", "This is no name of a variable.", value: o.Name, remedy: "Write it as ecutwfc or starting_magnetization(1).");
            }

            // One spelling of Hubbard_U( 1 ), so that what is said twice is seen.
            name = string.Concat(name.Where(c => !char.IsWhiteSpace(c)));
            if (Decided.TryGetValue(Stem(name), out string? remedy))
            {
                throw new AtomProNetException(ErrorKind.InvalidArgument, "NamelistVariableDecided", $"'{name}' cannot be set in -Namelist.", value: o.Value, remedy: remedy);
            }

            string? home = HomeOf(name), given = o.Namelist?.Trim().TrimStart('&').ToUpperInvariant();
            if (given is not null && !entries.ContainsKey(given))
            {
                throw new AtomProNetException(ErrorKind.InvalidArgument, "NamelistUnknown", "pw.x has no such namelist.", value: o.Namelist, remedy: $"Its namelists are {string.Join(", ", Order)}.");
            }

            if (home is null && given is null)
            {
                throw new AtomProNetException(ErrorKind.InvalidArgument, "NamelistVariableUnknown", "Nobody knows the namelist of this variable.", value: o.Name, remedy: $"Check its spelling, or name its namelist: -Namelist @{{SYSTEM=@{{{name}=…}}}}.");
            }

            if (home is null)
            {
                findings.Add(new(FindingSeverity.Warning, "NamelistVariableUnknown", $"'{name}' is no variable of pw.x 6.2 to 7.5 that this program knows; it is written as it is.", Advice: "pw.x stops at a variable that it does not know."));
            }
            else if (given is not null && given != home)
            {
                throw new AtomProNetException(ErrorKind.InvalidArgument, "NamelistWrong", $"'{name}' belongs to &{home}, not to &{given}.", value: o.Name);
            }

            if (o.Value is null)
            {
                entries[given ?? home!].RemoveAll(e => e.Key == name);
            }
            else
            {
                Put(given ?? home!, name, o.Value);
            }
        }
    }

    /// <summary>The text of the namelists that a calculation has.</summary>
    internal void WriteTo(StringBuilder text, IEnumerable<string> namelists)
    {
        foreach (string namelist in namelists)
        {
            text.Append('&').Append(namelist).Append('\n');
            foreach ((string name, string value) in entries[namelist])
            {
                text.Append("  ").Append(name).Append(" = ").Append(value).Append('\n');
            }

            text.Append("/\n");
        }
    }

    private static string Stem(string name)
    {
        int bracket = name.IndexOf('(', StringComparison.Ordinal);
        return (bracket < 0 ? name : name[..bracket]).ToLowerInvariant();
    }

    private static string Text(string text)
    {
        if (text.Any(c => c is < ' ' or > '~'))
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "NamelistValueInvalid", "A text in a namelist is one line of ASCII.", value: text);
        }

        if (DecimalComma().IsMatch(text))
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "NamelistValueInvalid", "Numbers in a namelist have a decimal point.", value: text, remedy: $"Write {text.Replace(',', '.')}, or @(1, 2) for a list.");
        }

        // Whoever writes '.true.' or '1.0d-9' means the literal.
        return FortranLiteral().IsMatch(text) ? text : "'" + text.Replace("'", "''", StringComparison.Ordinal) + "'";
    }

    private static Dictionary<string, string> ReadHomes()
    {
        var homes = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string line in EmbeddedText.Read("AtomProNet.QuantumEspresso.Inputs.Data.pw-variables.txt").Split('\n'))
        {
            if (line.StartsWith('&'))
            {
                string[] words = line[1..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
                foreach (string variable in words.Skip(1))
                {
                    homes.Add(variable, words[0]);
                }
            }
        }

        return homes;
    }

    private void Put(string namelist, string name, string value)
    {
        List<KeyValuePair<string, string>> list = entries[namelist];
        int at = list.FindIndex(e => e.Key == name);
        if (at < 0)
        {
            list.Add(new(name, value));
        }
        else
        {
            list[at] = new(name, value);
        }
    }

    [GeneratedRegex(@"^[a-z][a-z0-9_]*(\(\s*\d+(\s*,\s*\d+)*\s*\))?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Variable();

    [GeneratedRegex(@"^(\.(true|false|t|f)\.|[+-]?(\d+\.?\d*|\.\d+)([ed][+-]?\d+)?)\z", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex FortranLiteral();

    [GeneratedRegex(@"^\s*[+-]?\d+,\d+([ed][+-]?\d+)?\s*\z", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex DecimalComma();
}
