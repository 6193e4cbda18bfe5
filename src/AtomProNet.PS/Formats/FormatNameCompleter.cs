using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using AtomProNet.Formats;

namespace AtomProNet.PS.Formats;

/// <summary>Proposes the names of file formats.</summary>
public sealed class FormatNameCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        FormatRegistry.All
            .Where(f => f.Name.StartsWith(wordToComplete ?? "", StringComparison.OrdinalIgnoreCase))
            .Select(f => new CompletionResult(f.Name, f.Name, CompletionResultType.ParameterValue, f.Description));
}
