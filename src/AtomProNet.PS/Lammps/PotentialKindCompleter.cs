using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using AtomProNet.Lammps.Potentials;

namespace AtomProNet.PS.Lammps;

/// <summary>Completes -Kind with the kinds of potentials there are.</summary>
public sealed class PotentialKindCompleter : IArgumentCompleter
{
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        PotentialKind.All
            .Where(k => k.Name.StartsWith(wordToComplete?.Trim('\'', '"') ?? "", StringComparison.OrdinalIgnoreCase))
            .Select(k => new CompletionResult(k.Name, k.Name, CompletionResultType.ParameterValue, $"{k.Title} ({k.Package})"));
}
