using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using AtomProNet.Databases.Bundled;

namespace AtomProNet.PS.Databases;

/// <summary>Proposes the formulas of the crystals that come with the module: it touches no network.</summary>
public sealed class BundledFormulaCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        string word = (wordToComplete ?? "").Trim('\'', '"');
        return BundledCrystals.All
            .GroupBy(crystal => crystal.Formula, StringComparer.Ordinal)
            .Where(phases => phases.Key.StartsWith(word, StringComparison.OrdinalIgnoreCase))
            .OrderBy(phases => phases.Key, StringComparer.Ordinal)
            .Select(phases => new CompletionResult(phases.Key, phases.Key, CompletionResultType.ParameterValue, string.Join(", ", phases.Select(crystal => crystal.Name))));
    }
}
