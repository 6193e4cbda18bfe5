using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using AtomProNet.Evaluation.Energies;
using AtomProNet.Lammps.Potentials;
using AtomProNet.Structures;

namespace AtomProNet.Lammps.Running;

/// <summary>How frames are labelled.</summary>
public sealed record PredictionOptions
{
    /// <summary>LAMMPS: a path, or a name that is looked for on PATH; null: the usual names.</summary>
    public string? Executable { get; init; }

    /// <summary>What LAMMPS is started with besides, such as <c>-k on g 1 -sf kk</c>.</summary>
    public ImmutableArray<string> Arguments { get; init; } = [];

    /// <summary>What moves before the labels are computed.</summary>
    public Relaxation Relaxation { get; init; }

    /// <summary>A relaxation ends where the norm of all forces is below this, eV/Å, or where the energy falls no more.</summary>
    public double ForceTolerance { get; init; } = 1e-6;

    /// <summary>
    /// What is added to the energy for each atom of an element, eV: potentials and DFT count from other zeros. Forces and stress know
    /// nothing of it; the method and the frame's information record it.
    /// </summary>
    public AtomEnergies EnergyShifts { get; init; } = AtomEnergies.Empty;

    /// <summary>How many atoms one LAMMPS process gets at most (a single larger frame goes alone).</summary>
    public int BatchAtoms { get; init; } = 20_000;

    /// <summary>How many frames one LAMMPS process gets at most.</summary>
    public int BatchFrames { get; init; } = 200;

    /// <summary>Called a few times a second with the number of frames that are done.</summary>
    public Action<int>? Progress { get; init; }
}

/// <summary>What came of one frame: its prediction, or why there is none.</summary>
/// <param name="Index">The number of the frame, counted from 0.</param>
/// <param name="Input">The frame that was given.</param>
/// <param name="Prediction">The same geometry (or the relaxed one) with the potential's labels; null where LAMMPS failed.</param>
/// <param name="Error">What LAMMPS said; null where it did not fail.</param>
public sealed record PredictionResult(int Index, Frame Input, Frame? Prediction, AtomProNetException? Error);

/// <summary>
/// Labels frames with a potential by running LAMMPS: energy, forces and stress along the frames' own axes, and charges where the
/// potential has them. One process computes many frames.
/// </summary>
public static class LammpsPrediction
{
    /// <summary>The key in <see cref="Frame.Information"/> that names the potential.</summary>
    public const string PotentialKey = "potential";

    /// <summary>The key in <see cref="Frame.Information"/> that tells what was added to the cell's energy, eV.</summary>
    public const string EnergyShiftKey = "energy_shift";

    /// <summary>Labels frames, in their order; batches are read as they are needed.</summary>
    /// <param name="frames">The frames; their own labels play no part.</param>
    /// <param name="potential">The potential, with full paths (<see cref="LammpsPotential.Located"/>).</param>
    /// <param name="options">How.</param>
    /// <param name="cancellation">Ends LAMMPS and the work.</param>
    /// <exception cref="AtomProNetException">There is no LAMMPS, or it cannot compute this potential at all.</exception>
    public static IEnumerable<PredictionResult> Run(IEnumerable<Frame> frames, LammpsPotential potential, PredictionOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(frames);
        ArgumentNullException.ThrowIfNull(potential);
        options ??= new();
        LammpsExecutable executable = LammpsExecutable.Find(options.Executable, options.Arguments);
        return Iterate();

        IEnumerable<PredictionResult> Iterate()
        {
            var batch = new List<(int Index, Frame Frame)>();
            int atoms = 0, index = 0;
            foreach (Frame frame in frames)
            {
                if (batch.Count > 0 && (batch.Count >= options.BatchFrames || atoms + frame.Structure.AtomCount > options.BatchAtoms))
                {
                    foreach (PredictionResult result in new LammpsBatch(executable, potential, options, batch, cancellation).Run())
                    {
                        yield return result;
                    }

                    batch.Clear();
                    atoms = 0;
                }

                batch.Add((index++, frame));
                atoms += frame.Structure.AtomCount;
            }

            if (batch.Count > 0)
            {
                foreach (PredictionResult result in new LammpsBatch(executable, potential, options, batch, cancellation).Run())
                {
                    yield return result;
                }
            }
        }
    }
}
