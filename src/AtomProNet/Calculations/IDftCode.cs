using System.Collections.Immutable;

namespace AtomProNet.Calculations;

/// <summary>
/// What is to be known of a DFT code by whoever looks for results in folders, asks how calculations ended, or restarts jobs:
/// which files it writes, how they are read, and how it judges them. Each code has one; nobody else names its files.
/// </summary>
public interface IDftCode
{
    /// <summary>The code, as in <see cref="Structures.DftMethod.Code"/>: <c>VASP</c>, <c>pw.x</c>.</summary>
    string Code { get; }

    /// <summary>Whether a file may hold results of the code, by its name alone.</summary>
    bool IsResultName(string fileName);

    /// <summary>
    /// The result that a file belongs to, together with the files beside it that belong to the same run. Two files of one run give
    /// results of the same <see cref="DftResult.Id"/>.
    /// </summary>
    /// <param name="file">A file, as a full path.</param>
    /// <returns>Null where it is none of this code.</returns>
    DftResult? FindResult(string file);

    /// <summary>Whether a folder holds a calculation of the code: inputs, outputs, or both.</summary>
    bool IsCalculation(string folder);

    /// <summary>
    /// What in a folder is to be judged: the folder itself where it holds one calculation, the output files where it holds several
    /// side by side, nothing where it holds none.
    /// </summary>
    IEnumerable<string> FindCalculations(string folder) => IsCalculation(folder) ? [folder] : [];

    /// <summary>
    /// Names or patterns of large files that serve the run alone, and do not come back from a cluster unless they are asked for: orbitals, densities.
    /// </summary>
    ImmutableArray<string> ScratchFiles => [];

    /// <summary>Judges a calculation, however it ended: also one that left no output at all.</summary>
    /// <param name="path">The folder, as a full path, or one output file in it.</param>
    /// <param name="cancellation">Ends the reading.</param>
    CalculationVerdict Judge(string path, CancellationToken cancellation = default);

    /// <summary>
    /// Works out the input of a calculation that begins again in its folder, where the outputs of the last try still lie. Changes to the job itself
    /// (walltime, memory) are not the code's and are passed over.
    /// </summary>
    /// <param name="folder">The folder, as a full path.</param>
    /// <param name="changes">What is to change.</param>
    /// <exception cref="AtomProNetException">The input cannot be read, or the changes contradict it.</exception>
    RestartInput PlanRestart(string folder, ImmutableArray<RestartChange> changes) => throw new AtomProNetException(ErrorKind.NotSupported, "RestartNotSupported", $"Inputs of {Code} cannot be changed here.", folder, remedy: "Make a new input and submit that.");
}

/// <summary>The output of one run: one file, or several that tell the same in other words.</summary>
/// <param name="Code">The code.</param>
/// <param name="Id">Tells runs apart: the path of the main file.</param>
/// <param name="Files">The files that are read, richest first, as full paths.</param>
/// <param name="Open">Opens a reader that merges them: each number from the file that has most digits, and only where they agree.</param>
public sealed record DftResult(string Code, string Id, ImmutableArray<string> Files, Func<IFrameReader> Open)
{
    /// <summary>The main file.</summary>
    public override string ToString() => Id;
}
