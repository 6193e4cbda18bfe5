using System.Text;
using AtomProNet.Shell;

namespace AtomProNet.Jobs.Schedulers;

/// <summary>What the scripts for all batch systems have in common.</summary>
internal static class JobScriptText
{
    /// <summary>The script: header lines, then the lines that say which job this is, the change of directory, and the body.</summary>
    /// <param name="request">The request.</param>
    /// <param name="directive">What a header line begins with, such as <c>#SBATCH</c>.</param>
    /// <param name="options">The header's options, one a line.</param>
    /// <param name="jobId">The shell's expression for the job's id.</param>
    /// <param name="arrayIndex">The shell's expression for the index in an array.</param>
    /// <param name="body">What runs.</param>
    internal static string Compose(JobRequest request, string directive, IEnumerable<string> options, string jobId, string arrayIndex, string body)
    {
        var text = new StringBuilder("#!/bin/sh\n");
        foreach (string option in options)
        {
            text.Append(directive).Append(' ').Append(option).Append('\n');
        }

        text.Append("ATOMPRONET_JOB_ID=").Append(jobId).Append('\n');
        text.Append("ATOMPRONET_ARRAY_INDEX=").Append(request.Array is null ? "" : arrayIndex).Append('\n');
        text.Append("export ATOMPRONET_JOB_ID ATOMPRONET_ARRAY_INDEX\n");
        text.Append("cd ").Append(Directory(request.WorkDirectory)).Append(" || exit 75\n");
        text.Append(body);
        if (!body.EndsWith('\n'))
        {
            text.Append('\n');
        }

        return text.ToString();
    }

    /// <summary>A body that writes into the request's files itself, for where a batch system cannot be given their path.</summary>
    internal static string WithOwnFiles(JobRequest request, string body)
    {
        // A plain name needs no quotes; the tail is a variable.
        string tail = request.Array is null ? "" : ".$ATOMPRONET_ARRAY_INDEX";
        return $"exec >\"{request.OutputName}{tail}\" 2>\"{request.ErrorName}{tail}\"\n" + body;
    }

    /// <summary>A directory as a word for <c>cd</c>. It is absolute, so it can neither be taken for an option nor be looked up in CDPATH.</summary>
    internal static string Directory(string path) => PosixShell.Quote(path);

    /// <summary>Hours, minutes and seconds, hours beyond 24 as they are: <c>48:00:00</c>. Rounded up to the second.</summary>
    internal static string Clock(TimeSpan time)
    {
        long seconds = (long)Math.Ceiling(time.TotalSeconds);
        return FormattableString.Invariant($"{seconds / 3600:00}:{seconds / 60 % 60:00}:{seconds % 60:00}");
    }

    /// <summary>Refuses what a batch system has not.</summary>
    internal static void ThrowUnlessPossible(IScheduler scheduler, JobRequest request)
    {
        void Need(bool asked, SchedulerFeatures feature, string what)
        {
            if (asked && !scheduler.Features.HasFlag(feature))
            {
                throw new AtomProNetException(ErrorKind.NotSupported, "SchedulerLacks" + feature, $"{scheduler.Name} has no {what}.");
            }
        }

        Need(request.Array is not null, SchedulerFeatures.Arrays, "arrays");
        Need(request.DependsOn.Length > 0 && request.Dependency == DependencyKind.AfterSuccess, SchedulerFeatures.AfterSuccess, "jobs that wait for the success of others");
        Need(request.DependsOn.Length > 0 && request.Dependency == DependencyKind.AfterEnd, SchedulerFeatures.AfterEnd, "jobs that wait for others");
        if (request.Array is { } array && (array.First < 1 || array.Last < array.First || array.MaxRunning is < 1))
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "JobArrayInvalid", "The indices of an array go from 1 or above upwards, and at least one task may run at a time.", value: array.ToString());
        }

        foreach (SchedulerJobId id in request.DependsOn)
        {
            ThrowUnlessId(id);
        }
    }

    /// <summary>Ids come out of answers, and go into commands.</summary>
    internal static void ThrowUnlessId(SchedulerJobId id)
    {
        if (id.Id.Length == 0 || !id.Id.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or '[' or ']') || id.Id[0] == '-')
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "SchedulerJobIdInvalid", "This is no id of a job.", value: id.Id);
        }
    }
}
