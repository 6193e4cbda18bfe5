namespace AtomProNet.Evaluation.Reports;

/// <summary>What figures and tables call a quantity.</summary>
internal static class QuantityText
{
    /// <summary>The quantities that have figures: those that judge a model.</summary>
    public static readonly ErrorQuantity[] Drawn = [ErrorQuantity.EnergyPerAtom, ErrorQuantity.ForceComponent, ErrorQuantity.Stress];

    /// <summary>In a sentence.</summary>
    public static string Words(ErrorQuantity quantity) => quantity switch
    {
        ErrorQuantity.EnergyPerAtom => "energy per atom",
        ErrorQuantity.TotalEnergy => "total energy",
        ErrorQuantity.ForceComponent => "force component",
        ErrorQuantity.ForceVector => "force vector",
        ErrorQuantity.RootMeanSquareForce => "RMS force of an atom",
        _ => "stress component",
    };

    /// <summary>On an axis.</summary>
    public static string Short(ErrorQuantity quantity) => quantity switch
    {
        ErrorQuantity.EnergyPerAtom or ErrorQuantity.TotalEnergy => "energy",
        ErrorQuantity.Stress => "stress",
        _ => "force",
    };

    /// <summary>With a capital letter, for headings.</summary>
    public static string Heading(ErrorQuantity quantity)
    {
        string words = Words(quantity);
        return char.ToUpperInvariant(words[0]) + words[1..];
    }

    /// <summary>In the names of files.</summary>
    public static string Key(ErrorQuantity quantity) => quantity switch
    {
        ErrorQuantity.EnergyPerAtom => "energy",
        ErrorQuantity.ForceComponent => "force",
        ErrorQuantity.Stress => "stress",
        _ => quantity.ToString().ToLowerInvariant(),
    };

    /// <summary>A model's name in the name of a file: letters and digits; where nothing of it is left, its number.</summary>
    public static string FileKey(string model, int number)
    {
        string key = string.Join('-', string.Concat(model.Normalize().Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' ? char.ToLowerInvariant(c) : ' ')).Split(' ', StringSplitOptions.RemoveEmptyEntries)).Trim('.');
        return key.Length == 0 ? FormattableString.Invariant($"model-{number + 1}") : key.Length > 40 ? key[..40] : key;
    }
}
