namespace AtomProNet.Cli.Language;

/// <summary>One statement: commands joined by |.</summary>
internal sealed record Pipeline(IReadOnlyList<CommandCall> Commands);

/// <summary>One command with what stands behind it.</summary>
/// <param name="Name">As written.</param>
/// <param name="Position">Where it stands in the text, from 0.</param>
/// <param name="Arguments">In the order written.</param>
internal sealed record CommandCall(string Name, int Position, IReadOnlyList<Argument> Arguments);

/// <summary>
/// A parameter's name, or a value. Whether a value belongs to the name before it, only the binder can tell: it knows the switches.
/// </summary>
/// <param name="ParameterName">Without the dash; null for a value that stands alone.</param>
/// <param name="HasValue">True for a value, and for a name with its value after a colon.</param>
/// <param name="Value">A <see cref="Word"/>, text, number, truth value, null, list (object?[]) or Hashtable.</param>
/// <param name="Position">Where it stands in the text, from 0.</param>
internal sealed record Argument(string? ParameterName, bool HasValue, object? Value, int Position);

/// <summary>
/// A word without quotes. A parameter of text takes it as written (007 stays 007); any other takes the number, where it is one.
/// </summary>
internal sealed record Word(string Text, object? Number)
{
    public object Plain => Number ?? Text;

    public override string ToString() => Text;

    /// <summary>The value as PowerShell would hold it: a number or a text.</summary>
    public static object? Unwrap(object? value) => value is Word word ? word.Plain : value;
}
