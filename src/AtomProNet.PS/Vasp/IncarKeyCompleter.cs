using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using AtomProNet.Vasp.Inputs;

namespace AtomProNet.PS.Vasp;

/// <summary>
/// Proposes INCAR keys as ENCUT=, with what they mean as the tooltip. PowerShell asks nobody about the keys inside @{ }, so that this is for
/// keys that are given as text.
/// </summary>
public sealed class IncarKeyCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        string word = (wordToComplete ?? "").Trim('\'', '"');
        if (word.Contains('=', StringComparison.Ordinal))
        {
            return [];
        }

        // All that is known where the beginning is; the usual ones where nothing is.
        return IncarTags.All
            .Where(key => word.Length > 0 ? key.StartsWith(word, StringComparison.OrdinalIgnoreCase) : IncarTags.Meaning(key) is not null)
            .OrderBy(key => IncarTags.Meaning(key) is null)
            .ThenBy(key => key, StringComparer.Ordinal)
            .Select(key => new CompletionResult(key + "=", key, CompletionResultType.ParameterValue, IncarTags.Meaning(key) is { } meaning ? $"{key}: {meaning}" : $"{key}: see vasp.at/wiki/{key}"));
    }
}
