using System.Collections;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace AtomProNet.Vasp.Inputs;

/// <summary>The keys and values of an INCAR, in order. Keys are upper case and stand once. Immutable.</summary>
public sealed class Incar : IReadOnlyCollection<KeyValuePair<string, IncarValue>>
{
    private readonly ImmutableArray<string> order;
    private readonly ImmutableDictionary<string, IncarValue> values;

    private Incar(ImmutableArray<string> order, ImmutableDictionary<string, IncarValue> values)
    {
        this.order = order;
        this.values = values;
    }

    /// <summary>No keys.</summary>
    public static Incar Empty { get; } = new([], ImmutableDictionary<string, IncarValue>.Empty.WithComparers(StringComparer.OrdinalIgnoreCase));

    /// <summary>The keys in their order.</summary>
    public IReadOnlyList<string> Keys => order;

    /// <summary>The number of keys.</summary>
    public int Count => order.Length;

    /// <summary>The value of a key; null where it does not stand there.</summary>
    public IncarValue? this[string key] => values.GetValueOrDefault(key);

    /// <summary>Whether a key stands there, and its value.</summary>
    public bool TryGetValue(string key, [NotNullWhen(true)] out IncarValue? value) => values.TryGetValue(key, out value);

    /// <summary>Whether a key stands there.</summary>
    public bool Contains(string key) => values.ContainsKey(key);

    /// <summary>With a key set; one that stands there keeps its place, a new one comes last.</summary>
    /// <exception cref="AtomProNetException">The key is no name.</exception>
    public Incar With(string key, IncarValue value)
    {
        ArgumentNullException.ThrowIfNull(value);
        string name = Name(key);
        if (name == "ALGO" && value.AsLogical == false)
        {
            value = IncarValue.Parse("Fast"); // its first letter counts, and F is no truth value there
        }

        return new(values.ContainsKey(name) ? order : order.Add(name), values.SetItem(name, value));
    }

    /// <summary>With a key that does not stand there yet, before all others.</summary>
    internal Incar WithFirst(string key, IncarValue value) => new(order.Insert(0, Name(key)), values.Add(Name(key), value));

    /// <summary>With a truth value.</summary>
    public Incar With(string key, bool value) => With(key, IncarValue.Of(value));

    /// <summary>With a whole number.</summary>
    public Incar With(string key, int value) => With(key, IncarValue.Of(value));

    /// <summary>With a real number.</summary>
    public Incar With(string key, double value) => With(key, IncarValue.Of(value));

    /// <summary>With text.</summary>
    public Incar With(string key, string value) => With(key, IncarValue.Parse(value));

    /// <summary>Without a key.</summary>
    public Incar Without(string key) => values.ContainsKey(key)
        ? new(order.RemoveAll(k => string.Equals(k, key, StringComparison.OrdinalIgnoreCase)), values.Remove(key))
        : this;

    /// <summary>The text of the file: one <c>KEY = value</c> a line.</summary>
    public string ToText()
    {
        var text = new StringBuilder();
        foreach ((string key, IncarValue value) in this)
        {
            text.Append(key).Append(" = ").Append(value.Text).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>Keys and values as text, for records.</summary>
    public ImmutableSortedDictionary<string, string> ToSettings() =>
        this.ToImmutableSortedDictionary(p => p.Key, p => p.Value.Text, StringComparer.Ordinal);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, IncarValue>> GetEnumerator() =>
        order.Select(key => new KeyValuePair<string, IncarValue>(key, values[key])).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static string Name(string key)
    {
        string name = key?.Trim().ToUpperInvariant() ?? "";
        // A group of VASP 6 (KERNEL_TRUNCATION { LTRUNCATE = T }) is the same as KERNEL_TRUNCATION/LTRUNCATE = T.
        return name.Length > 0 && char.IsAsciiLetter(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '/')
            ? name
            : throw new AtomProNetException(ErrorKind.InvalidArgument, "IncarKeyInvalid", "This is no name of an INCAR key.", value: key, remedy: "Names are letters, digits and underscores, such as ENCUT.");
    }
}
