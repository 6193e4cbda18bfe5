using AtomProNet.Benchmarks;
using BenchmarkDotNet.Running;

if (args is [var name, .. var options] && ScaleRuns.Find(name) is { } run)
{
    return run(options);
}

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;

public partial class Program;
