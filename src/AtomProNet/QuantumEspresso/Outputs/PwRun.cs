using AtomProNet.Structures;

namespace AtomProNet.QuantumEspresso.Outputs;

/// <summary>How a run of pw.x came to its end, as far as its output tells.</summary>
[Flags]
internal enum PwRunEvents
{
    None = 0,
    /// <summary><c>JOB DONE.</c></summary>
    Finished = 1,
    /// <summary><c>The maximum number of steps has been reached</c>.</summary>
    MaximumSteps = 2,
    /// <summary><c>Maximum CPU time exceeded</c>.</summary>
    TimeLimit = 4,
    /// <summary><c>Program stopped by user request</c>.</summary>
    StoppedByUser = 8,
    /// <summary>The optimiser or the damped dynamics says that it converged.</summary>
    IonicConverged = 16,
    /// <summary>A band-structure calculation, which has no total energy.</summary>
    BandStructure = 32,
    /// <summary>The optimiser says that it gave up.</summary>
    OptimizerFailed = 64,
}

/// <summary>Features of a run that change what its energies, forces or stresses mean.</summary>
[Flags]
internal enum PwFeatures
{
    None = 0,
    /// <summary>Effective screening medium: no periodicity along z, and forces along z do not sum to zero.</summary>
    EffectiveScreeningMedium = 1,
    /// <summary>A charged plate (gate).</summary>
    Gate = 2,
    /// <summary>A finite field as Berry phase: the energy is an electric enthalpy.</summary>
    BerryPhaseField = 4,
    /// <summary>A sawtooth potential.</summary>
    SawtoothField = 8,
    /// <summary>Constrained magnetisation.</summary>
    ConstrainedMagnetization = 16,
    /// <summary>Environ or RISM: a continuum or a solvent around the atoms.</summary>
    Environment = 32,
    /// <summary>External forces on atoms.</summary>
    ExternalForces = 64,
    /// <summary>Martyna–Tuckerman or another correction for isolated systems.</summary>
    Isolated = 128,
    /// <summary>External force fields (nextffield): the forces hold theirs, the energy does not.</summary>
    ExternalForceFields = 256,
    /// <summary>Two chemical potentials: some electrons are held in the conduction bands.</summary>
    ExcitedElectrons = 512,
    /// <summary>Constrained occupations (OSCDFT).</summary>
    ConstrainedOccupations = 1024,
}

/// <summary>One run of pw.x within an output: what its summary says, and how it ended. Filled by the parser.</summary>
internal sealed class PwRun
{
    internal string? Version { get; init; }

    /// <summary>Processes times threads.</summary>
    internal int? CoreCount { get; set; }

    internal DateTime? StartedAt { get; init; }

    internal DateTime? EndedAt { get; set; }

    /// <summary>The input file as pw.x names it; null where it came through standard input.</summary>
    internal string? InputName { get; set; }

    internal PwRunEvents Events { get; set; }

    internal PwFeatures Features { get; set; }

    /// <summary>Counts the summaries: 1 for the first, another one for each time that the plane waves were set up anew.</summary>
    internal int SummaryCount { get; set; }

    /// <summary>bohr; from celldm(1), six decimals.</summary>
    internal double? Alat { get; set; }

    /// <summary>bohr; with four decimals, from the line of its own.</summary>
    internal double? AlatShort { get; set; }

    /// <summary>bohr³.</summary>
    internal double? CellVolume { get; set; }

    internal int? AtomCount { get; set; }

    /// <summary>Units of alat, as rows.</summary>
    internal Matrix3x3? Axes { get; set; }

    /// <summary>Units of 2π/alat, as rows.</summary>
    internal Matrix3x3? ReciprocalAxes { get; set; }

    internal string[]? SiteLabels { get; set; }

    /// <summary>Units of alat.</summary>
    internal Vector3D[]? SitePositions { get; set; }

    /// <summary>What is wrong with the geometry of the summary.</summary>
    internal (string Code, string Message, long Line)? SummaryProblem { get; set; }

    /// <summary>In the order of ATOMIC_SPECIES.</summary>
    internal List<PwSpecies> Species { get; } = [];

    /// <summary>By the number of the species, from 1.</summary>
    internal SortedDictionary<int, PwPotential> Potentials { get; } = [];

    /// <summary>eV, by label and by what it is: nothing for U of the first manifold, <c>-3p</c> for that of another, <c> J0</c> and so on.</summary>
    internal Dictionary<(string Label, string Parameter), double> Hubbard { get; } = [];

    /// <summary>The first manifold of each label that has one, such as <c>-3d</c>.</summary>
    internal Dictionary<string, string> HubbardManifolds { get; } = new(StringComparer.Ordinal);

    /// <summary>DFT+U+V: two atoms, and eV between their standard and background manifolds: SS, SB, BB, BS.</summary>
    internal List<(long First, long Second, double[] Values)> HubbardPairs { get; } = [];

    /// <summary>Ry.</summary>
    internal double? WavefunctionCutoff { get; set; }

    /// <summary>Ry.</summary>
    internal double? DensityCutoff { get; set; }

    /// <summary>Ry; the optimiser lowers it on its way.</summary>
    internal double? Threshold { get; set; }

    /// <summary>Ry; as the input has it.</summary>
    internal double? FirstThreshold { get; set; }

    internal string? FunctionalName { get; set; }

    internal int[]? FunctionalIndices { get; set; }

    internal double? ExactExchangeFraction { get; set; }

    internal string? Dispersion { get; set; }

    internal int? KPointCount { get; set; }

    /// <summary>As <see cref="PwFunctional.Smearing"/> names it; null where the summary does not tell.</summary>
    internal string? Smearing { get; set; }

    /// <summary>Whether the release says that its tetrahedra are the optimised or the linear ones, not Blöchl's.</summary>
    internal bool OptimizedTetrahedra { get; set; }

    /// <summary>Ry, four decimals.</summary>
    internal double? SmearingWidth { get; set; }

    internal bool SpinPolarised { get; set; }

    internal bool NonCollinear { get; set; }

    internal double? ElectronCount { get; set; }

    /// <summary>The number of bands (Kohn–Sham states).</summary>
    internal int? BandCount { get; set; }

    /// <summary>Whether the ions move (relaxation or dynamics): forces are then printed at every step.</summary>
    internal bool MovesIons { get; set; }

    /// <summary>Whether the cell moves: a geometry is then printed with its cell.</summary>
    internal bool MovesCell { get; set; }

    internal bool IsDynamics { get; set; }

    /// <summary>Whether its dynamics are damped, which is a way to relax.</summary>
    internal bool IsDamped { get; set; }

    /// <summary>Three per site, true where the component is free; null where nothing was printed about it.</summary>
    internal bool[]? FreeComponents { get; set; }

    /// <summary>Error messages: the routine and the text.</summary>
    internal List<(string Routine, string Message, long Line)> Errors { get; } = [];

    /// <summary>Whether a relaxation has reached its goal: where it says so, and where no atom is free to move.</summary>
    internal bool IonicConverged => Events.HasFlag(PwRunEvents.IonicConverged) || (Events.HasFlag(PwRunEvents.Finished) && !MovesCell && FreeComponents is { } free && !free.Contains(true));

    /// <summary>Steps so far.</summary>
    internal int StepCount { get; set; }

    /// <summary>The element of each site; null where the summary does not tell.</summary>
    internal Element[]? SiteElements()
    {
        if (SiteLabels is null)
        {
            return null;
        }

        var elements = new Element[SiteLabels.Length];
        for (int i = 0; i < elements.Length; i++)
        {
            PwSpecies? species = Species.Find(s => s.Label == SiteLabels[i]);
            if (species?.Element is { } known)
            {
                elements[i] = known;
            }
            else if (PwSpecies.TryParseLabel(SiteLabels[i], out Element? byLabel))
            {
                elements[i] = byLabel;
            }
            else
            {
                return null;
            }
        }

        return elements;
    }
}
