using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using AtomProNet.Jobs.Clusters;

namespace AtomProNet.PS.Jobs;

/// <summary>Proposes the names of registered clusters. It touches no network, and never throws.</summary>
public sealed class ClusterNameCompleter : IArgumentCompleter
{
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        try
        {
            var word = (wordToComplete ?? "").Trim('\'', '"');
            return [.. ClusterProfiles.All()
                .Where(profile => profile.Name.StartsWith(word, StringComparison.OrdinalIgnoreCase))
                .Select(profile => new CompletionResult(profile.Name, profile.Name, CompletionResultType.ParameterValue, profile.ToString()))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or AtomProNetException)
        {
            return [];
        }
    }
}
