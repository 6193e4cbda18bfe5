using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using AtomProNet.Databases.Optimade;

namespace AtomProNet.PS.Databases;

/// <summary>Proposes the databases that are known by name. It touches no network.</summary>
public sealed class OptimadeProviderCompleter : IArgumentCompleter
{
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var word = (wordToComplete ?? "").Trim('\'', '"');
        return OptimadeProviders.All
            .Where(provider => provider.Id.StartsWith(word, StringComparison.OrdinalIgnoreCase))
            .Select(provider => new CompletionResult(provider.Id, provider.Id, CompletionResultType.ParameterValue, provider.Name));
    }
}
