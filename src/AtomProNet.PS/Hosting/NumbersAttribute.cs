using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Text.RegularExpressions;
using AtomProNet.Text;

namespace AtomProNet.PS.Hosting;

/// <summary>
/// Stands at every parameter of numbers and refuses what the shell would read in another way than it was meant: the text 0,05, which it takes for 5 (the comma for a
/// separator of thousands), and 2.5 for a whole number, which it rounds to 2. A displacement, a cutoff or a supercell nobody asked for would be the result.
/// </summary>
internal sealed partial class NumbersAttribute : ArgumentTransformationAttribute
{
    /// <summary>Whether they are whole.</summary>
    public bool AreWhole { get; set; }

    /// <summary>Whether three whole ones may be written in one word or text, as programs print and people type them: 2x2x1, '2 2 1'.</summary>
    public bool AreTriple { get; set; }

    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        if (AreTriple && Bare(inputData) is string text && Triple().Match(text) is { Success: true } match)
        {
            return match.Groups["n"].Captures.Select(c => (object)int.Parse(c.ValueSpan, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)).ToArray();
        }

        Look(inputData);
        return inputData;
    }

    private void Look(object? value)
    {
        value = Bare(value);
        if (GivenNumber.Of(value) is { } number)
        {
            if ((AreWhole || AreTriple) && number != Math.Floor(number))
            {
                throw Refused("Whole numbers are wanted here, and they are not rounded", number, AreTriple ? "2 or 2x2x1" : "2");
            }
        }
        else if (value is string text)
        {
            // The shell takes separators of thousands, brackets for a minus, currencies. What is no number to it, either, it refuses by itself.
            if (double.TryParse(text, NumberStyles.Any, CultureInfo.InvariantCulture, out _))
            {
                throw Refused("A number has a point before its decimals and nothing between thousands", text, AreTriple ? "2, 2x2x1 or a list without quotes" : AreWhole ? "1200" : "0.05 or 1200");
            }
        }
        else if (value is IEnumerable list)
        {
            foreach (object? element in list)
            {
                Look(element);
            }
        }
    }

    private static object? Bare(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;

    private static ArgumentTransformationMetadataException Refused(string problem, object found, string example) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{problem}. Found: '{found}'. Give it such as {example}."));

    // No comma: 2,5 may be meant for two and a half.
    [GeneratedRegex(@"^\s*(?<n>-?[0-9]{1,6})((\s*[x×]\s*|\s+)(?<n>-?[0-9]{1,6})){2}\s*$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Triple();
}
