using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Language;
using AtomProNet.Jobs;

namespace AtomProNet.PS.Jobs;

/// <summary>Proposes the numbers of jobs, the newest first, and finds them by the beginning of their names, too. It touches no network, and never throws.</summary>
public sealed class JobIdCompleter : IArgumentCompleter
{
    private const int Most = 100;

    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        try
        {
            var word = (wordToComplete ?? "").Trim('\'', '"');
            using var jobs = new DftJobs([]);
            return [.. jobs.List()
                .Reverse()
                .Where(job => job.Id.ToString(CultureInfo.InvariantCulture).StartsWith(word, StringComparison.Ordinal) || job.Name.StartsWith(word, StringComparison.OrdinalIgnoreCase))
                .Take(Most)
                .Select(job => new CompletionResult(job.Id.ToString(CultureInfo.InvariantCulture), job.ToString(), CompletionResultType.ParameterValue, job.ToString()))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or AtomProNetException)
        {
            return [];
        }
    }
}
