using AtomProNet.Benchmarks;
using BenchmarkDotNet.Running;

if (args is ["compared", .. var words])
{
    return AtomProNet.Benchmarks.Comparison.ComparisonServer.Serve(words);
}

if (args is [var name, .. var options] && (ScaleRuns.Find(name) ?? JobRuns.Find(name)) is { } run)
{
    return run(options);
}

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;

public partial class Program;
