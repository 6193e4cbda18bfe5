using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Language;
using AtomProNet.Structures;

namespace AtomProNet.PS.Hosting;

/// <summary>Proposes the symbols of elements; their English names are found by their beginnings, too.</summary>
public sealed class ElementCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        string word = (wordToComplete ?? "").Trim('\'', '"');
        return Element.All
            .Where(element => element.Symbol.StartsWith(word, StringComparison.OrdinalIgnoreCase) || (word.Length > 2 && element.Name.StartsWith(word, StringComparison.OrdinalIgnoreCase)))
            .Select(element => new CompletionResult(element.Symbol, element.Symbol, CompletionResultType.ParameterValue, string.Create(CultureInfo.InvariantCulture, $"{element.Number} {element.Name}, {element.Mass} u")));
    }
}
