using System.Management.Automation;
using AtomProNet.Cli;

namespace AtomProNet.Tests.Cli;

/// <summary>Runs pipelines of the cmdlets that exist for tests alone.</summary>
internal static class Fake
{
    /// <summary>Runs a pipeline of the fake cmdlets.</summary>
    public static PipelineResult Run(string pipeline, PipelineOptions? options = null, CancellationToken cancellationToken = default) =>
        PipelineHost.Run(pipeline, Path.GetTempPath(), (options ?? new PipelineOptions()) with { Assemblies = [typeof(Fake).Assembly] }, cancellationToken);

    /// <summary>The only output of a pipeline that must go well.</summary>
    public static T One<T>(string pipeline)
    {
        var result = Run(pipeline);
        Assert.Empty(result.Errors);
        return Assert.IsType<T>(Assert.Single(result.Output));
    }

    /// <summary>The only error of a pipeline.</summary>
    public static ErrorRecord Error(string pipeline, string id)
    {
        var error = Assert.Single(Run(pipeline).Errors);
        Assert.Equal(id, error.FullyQualifiedErrorId.Split(',')[0]);
        return error;
    }
}
