namespace AtomProNet.Jobs.Schedulers.Pbs;

/// <summary>What OpenPBS and Torque are told in different words: resources, arrays, dependencies, and the file for PBS's own messages.</summary>
internal static class PbsResources
{
    /// <summary>OpenPBS and PBS Professional: chunks, one a node.</summary>
    internal static IEnumerable<string> Open(JobRequest request)
    {
        JobResources resources = request.Resources;
        int nodes = resources.Nodes ?? 1, tasks = (resources.Tasks + nodes - 1) / nodes;
        string select = Invariant($"select={nodes}:ncpus={tasks * resources.ThreadsPerTask}:mpiprocs={tasks}:ompthreads={resources.ThreadsPerTask}");
        yield return "-l";
        yield return resources.MemoryPerNode is { } memory ? select + Invariant($":mem={memory}mb") : select;
        yield return "-o";
        yield return request.OutputName + (request.Array is null ? ".pbs" : ".pbs.^array_index^");
        if (request.Array is { } array)
        {
            // PBS Professional's arrays have two tasks or more.
            if (array.Count > 1)
            {
                yield return "-J";
                yield return Invariant($"{array.First}-{array.Last}{(array.MaxRunning is { } most ? Invariant($"%{most}") : "")}");
            }
            else
            {
                yield return "-J";
                yield return Invariant($"{array.First}-{array.First + 1}:2");
            }
        }

        if (request.DependsOn.Length > 0)
        {
            yield return "-W";
            yield return $"depend={(request.Dependency == DependencyKind.AfterSuccess ? "afterok" : "afterany")}:{string.Join(':', request.DependsOn.Select(d => d.Id))}";
        }
    }

    /// <summary>Torque: processors a node; memory is the whole job's.</summary>
    internal static IEnumerable<string> Torque(JobRequest request)
    {
        JobResources resources = request.Resources;
        int nodes = resources.Nodes ?? 1, cores = (resources.Cores + nodes - 1) / nodes;
        yield return "-l";
        yield return Invariant($"nodes={nodes}:ppn={cores}");
        if (resources.MemoryPerNode is { } memory)
        {
            yield return "-l";
            yield return Invariant($"mem={(long)memory * nodes}mb");
        }

        yield return "-o";
        yield return request.OutputName + ".pbs";
        if (request.Array is { } array)
        {
            yield return "-t";
            yield return Invariant($"{array.First}-{array.Last}{(array.MaxRunning is { } most ? Invariant($"%{most}") : "")}");
        }

        if (request.DependsOn.Length > 0)
        {
            // An array is waited for by a kind of dependency of its own.
            string kind = request.Dependency == DependencyKind.AfterSuccess ? "afterok" : "afterany";
            var kinds = request.DependsOn.GroupBy(d => d.Id.Contains("[]", StringComparison.Ordinal)).Select(g => $"{kind}{(g.Key ? "array" : "")}:{string.Join(':', g.Select(d => d.Id))}");
            yield return "-W";
            yield return "depend=" + string.Join(',', kinds);
        }
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
