namespace AtomProNet.Jobs;

/// <summary>How far something is.</summary>
/// <param name="Text">What is being done.</param>
/// <param name="Done">How much of it.</param>
/// <param name="Total">Of how much; null where nobody knows.</param>
public sealed record JobProgress(string Text, long Done = 0, long? Total = null);
