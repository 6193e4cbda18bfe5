using System.Collections.Immutable;
using AtomProNet.Calculations;
using AtomProNet.Jobs;
using AtomProNet.Jobs.Restarting;
using AtomProNet.Jobs.Schedulers;
using AtomProNet.Jobs.Store;

namespace AtomProNet.Tests.Jobs.Restarting;

/// <summary>What a restart changes, and what it refuses to.</summary>
public sealed class RestartDecisionTests
{
    private static readonly RestartChange Geometry = new("POSCAR", "Geometry", "CONTCAR", false, "kept");
    private static readonly StoredRequest Request = new() { Script = "job.sh", Resources = new() { Tasks = 8, WallTime = TimeSpan.FromHours(1), MemoryPerNode = 1000 } };

    private static StoredJob Job(string? cause, JobState state = JobState.Failed, params StoredRestart[] restarts) => new()
    {
        Id = 1, Name = "a", Code = "VASP", Folder = "/a", Cluster = "c", RequestId = 1, State = state, Cause = cause, Attempt = restarts.Length + 1, Restarts = [.. restarts], Created = default, Changed = default,
    };

    private static CalculationVerdict Verdict(ExitKind exit, params RestartChange[] changes) => new() { Folder = "/a", Code = "VASP", Exit = exit, RestartChanges = [.. changes], Cause = new(exit, "Some", true, "It broke.", "Mend it.") };

    private static RestartDecision Of(StoredJob job, CalculationVerdict? verdict, RestartOptions? options = null, StoredRequest? request = null) => RestartDecision.Of(job, request ?? Request, verdict, options ?? new());

    private static string Refused(StoredJob job, CalculationVerdict? verdict, RestartOptions? options = null, StoredRequest? request = null) => Assert.Throws<AtomProNetException>(() => Of(job, verdict, options, request)).ErrorId;

    [Fact]
    public void Walltime_becomes_longer_from_the_last_good_geometry()
    {
        RestartDecision decision = Of(Job(JobCauses.TimeLimit), Verdict(ExitKind.Unfinished, Geometry, new("INCAR", "POTIM", "×0.5", false, "")));
        Assert.Equal(TimeSpan.FromHours(2), decision.Resources.WallTime);
        Assert.Equal([Geometry], decision.Input);
        Assert.Equal("Job: Walltime = 02:00:00", Assert.Single(decision.Job).ToString());
        Assert.Equal(TimeSpan.FromHours(5), Of(Job(JobCauses.TimeLimit), null, new() { Resources = new() { WallTime = TimeSpan.FromHours(5) } }).Resources.WallTime);
        Assert.Equal("RestartNeedsWallTime", Refused(Job(JobCauses.TimeLimit), null, request: Request with { Resources = new() }));
    }

    [Fact]
    public void Memory_becomes_more()
    {
        Assert.Equal(2000, Of(Job(JobCauses.OutOfMemory), null).Resources.MemoryPerNode);
        Assert.Equal("RestartNeedsMemory", Refused(Job(JobCauses.OutOfMemory), null, request: Request with { Resources = new() }));
        // The code's own words for the same: also where the scheduler said nothing.
        RestartDecision decision = Of(Job("OutOfMemoryInCode"), Verdict(ExitKind.OutOfMemory, new RestartChange("Job", "Memory", "×2", false, "")));
        Assert.Equal((2000, 0), (decision.Resources.MemoryPerNode!.Value, decision.Input.Length));
        Assert.Equal(4, Of(Job("TooManyProcesses"), Verdict(ExitKind.BadInput, new RestartChange("Job", "Tasks", "×0.5", false, ""))).Resources.Tasks);
    }

    [Fact]
    public void What_was_not_converged_takes_one_step_of_the_ladder_at_a_time()
    {
        RestartChange first = new("INCAR", "NELM", "120", false, ""), second = new("INCAR", "ALGO", "All", false, "");
        CalculationVerdict verdict = Verdict(ExitKind.ElectronicNotConverged, first, second);
        StoredRestart one = new(1, "ElectronicNotConverged", [first]), two = new(2, "ElectronicNotConverged", [second]);
        Assert.Equal([first], Of(Job("ElectronicNotConverged"), verdict).Input);
        Assert.Equal([second], Of(Job("ElectronicNotConverged", JobState.Failed, one), verdict).Input);
        Assert.Equal("RestartLadderEnded", Refused(Job("ElectronicNotConverged", JobState.Failed, one, two), verdict));
    }

    [Fact]
    public void A_numerical_error_is_answered_once_with_all_that_helps()
    {
        RestartChange a = new("INCAR", "AMIX", "0.1", false, ""), b = new("INCAR", "BMIX", "0.01", false, "");
        CalculationVerdict verdict = Verdict(ExitKind.NumericalError, a, b);
        Assert.Equal([a, b], Of(Job("Brmix"), verdict).Input);
        Assert.Equal("RestartLadderEnded", Refused(Job("Brmix", JobState.Failed, new StoredRestart(1, "Brmix", [a, b])), verdict));
        Assert.Equal([a, b], Of(Job("Brmix", JobState.Failed, new StoredRestart(1, JobCauses.TimeLimit, [])), verdict).Input);
    }

    [Fact]
    public void A_relaxation_may_go_on_as_often_as_restarts_are_allowed()
    {
        CalculationVerdict verdict = Verdict(ExitKind.IonicNotConverged, Geometry);
        StoredRestart[] two = [new(1, "IonicNotConverged", [Geometry]), new(2, "IonicNotConverged", [Geometry])];
        Assert.Equal([Geometry], Of(Job("IonicNotConverged", JobState.Failed, two), verdict).Input);
        Assert.Equal("RestartLimitReached", Refused(Job("IonicNotConverged", JobState.Failed, [.. two, new(3, "IonicNotConverged", [Geometry])]), verdict));
        Assert.Equal([Geometry], Of(Job("IonicNotConverged", JobState.Failed, [.. two, new(3, "IonicNotConverged", [Geometry])]), verdict, new() { MaxRestarts = 4 }).Input);
    }

    [Fact]
    public void A_change_of_the_physics_has_to_be_allowed()
    {
        RestartChange smearing = new("INCAR", "ISMEAR", "0", true, "");
        CalculationVerdict verdict = Verdict(ExitKind.BadInput, smearing);
        Assert.Equal("RestartChangesMethod", Refused(Job("Dentet"), verdict));
        Assert.Equal([smearing], Of(Job("Dentet"), verdict, new() { AllowMethodChange = true }).Input);
    }

    [Fact]
    public void Where_nothing_is_known_to_help_nothing_is_run_again_by_itself()
    {
        Assert.Equal("RestartWouldRepeat", Refused(Job(JobCauses.ExitCode), null));
        Assert.Equal("RestartWouldRepeat", Refused(Job("PotentialMissing"), Verdict(ExitKind.PotentialMissing)));
        Assert.Empty(Of(Job(JobCauses.ExitCode), null, new() { Unchanged = true }).Changes);
        Assert.Equal(16, Of(Job(JobCauses.ExitCode), null, new() { Resources = new() { Tasks = 16 } }).Resources.Tasks);
    }

    [Theory]
    [InlineData(JobCauses.NodeFailure)]
    [InlineData(JobCauses.Vanished)]
    [InlineData(JobCauses.CancelledOutside)]
    [InlineData(JobCauses.BundleEnded)]
    [InlineData(JobCauses.Refused)]
    public void What_the_job_was_not_to_blame_for_changes_nothing(string cause)
    {
        RestartDecision decision = Of(Job(cause, JobState.Lost), Verdict(ExitKind.Unfinished, Geometry));
        Assert.Equal([Geometry], decision.Input);
        Assert.Equal(Request.Resources.WallTime, decision.Resources.WallTime);
        Assert.Empty(decision.Job);
    }
}
