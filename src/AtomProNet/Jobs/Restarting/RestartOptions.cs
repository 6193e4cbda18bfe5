using AtomProNet.Jobs.Submission;

namespace AtomProNet.Jobs.Restarting;

/// <summary>How jobs are to be restarted. Immutable.</summary>
public sealed record RestartOptions
{
    /// <summary>How many restarts a job may have in all.</summary>
    public int MaxRestarts { get; init; } = 3;

    /// <summary>Whether a change may alter the physics, so that the frames before and after are of different methods.</summary>
    public bool AllowMethodChange { get; init; }

    /// <summary>Runs them again as they are, whatever they ended by.</summary>
    public bool Unchanged { get; init; }

    /// <summary>What they are given instead of what they had; null leaves it to the cause.</summary>
    public ResourceWishes Resources { get; init; } = new();
}
