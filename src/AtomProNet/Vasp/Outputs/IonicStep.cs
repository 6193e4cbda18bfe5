using AtomProNet.Structures;

namespace AtomProNet.Vasp.Outputs;

/// <summary>How VASP says that the electronic loop ended.</summary>
internal enum LoopEnd
{
    /// <summary>It does not say.</summary>
    NotPrinted,
    /// <summary><c>aborting loop because EDIFF is reached</c>.</summary>
    Reached,
    /// <summary><c>EDIFF was not reached</c>.</summary>
    NotReached,
    /// <summary>Anything else, such as a hard stop.</summary>
    Other,
}

/// <summary>
/// The blocks of one ionic step, collected in whatever order the version prints them. A block that comes twice with other
/// contents makes the step unusable: nobody can tell which of them belongs to the rest.
/// </summary>
internal sealed class IonicStep
{
    private List<(string Code, string Message, long Line)>? problems;

    internal IonicStep(OutcarHeader header, int number, int printedNumber, long line, bool isMachineLearned)
    {
        Header = header;
        Number = number;
        PrintedNumber = printedNumber;
        Line = line;
        IsMachineLearned = isMachineLearned;
    }

    internal OutcarHeader Header { get; }

    /// <summary>Counted through the whole file, from 1.</summary>
    internal int Number { get; }

    /// <summary>As printed; starts again at 1 in a second run in the same file.</summary>
    internal int PrintedNumber { get; }

    internal long Line { get; }

    internal bool IsMachineLearned { get; }

    /// <summary>Whether the step's own end was seen (LOOP+, the next step, the end of the job): only then is it whole.</summary>
    internal bool IsEnded { get; set; }

    /// <summary>The largest number in a heading of an electronic step.</summary>
    internal int ElectronicSteps { get; set; }

    /// <summary>How many electronic steps printed an energy; with NWRITE = 0 few do.</summary>
    internal int ElectronicEnergies { get; private set; }

    internal LoopEnd LoopEnd { get; set; }

    /// <summary>F of the last electronic step, eV.</summary>
    internal PrintedNumber? LastElectronicEnergy { get; private set; }

    /// <summary>F of the electronic step before the last, eV.</summary>
    internal PrintedNumber? PreviousElectronicEnergy { get; private set; }

    internal PrintedNumber? FreeEnergy { get; private set; }

    internal PrintedNumber? EnergyWithoutEntropy { get; private set; }

    internal PrintedNumber? EnergySigmaToZero { get; private set; }

    internal LatticeBlock? Lattice { get; private set; }

    /// <summary>In VASP's order, kbar.</summary>
    internal double[]? StressKilobar { get; private set; }

    internal int StressDecimals { get; private set; }

    /// <summary>The <c>Total</c> row, eV.</summary>
    internal double[]? StressTotal { get; set; }

    internal int StressTotalDecimals { get; set; }

    internal Vector3D[]? Positions { get; private set; }

    internal Vector3D[]? Forces { get; private set; }

    internal long ForcesLine { get; private set; }

    internal Vector3D? Drift { get; set; }

    /// <summary>Up to three tables (x, y, z), the last ones of the step, μ_B.</summary>
    internal double[]?[] Moments { get; } = new double[3][];

    /// <summary>Valence electrons within the sphere of each site (LORBIT); the last table of the step.</summary>
    internal double[]? SphereElectrons { get; set; }

    /// <summary>One number (collinear) or three.</summary>
    internal double[]? TotalMoment { get; set; }

    internal double? KineticEnergy { get; set; }

    internal double? Temperature { get; set; }

    internal IReadOnlyList<(string Code, string Message, long Line)> Problems => problems ?? (IReadOnlyList<(string, string, long)>)[];

    internal bool HasBlocks => FreeEnergy is not null || Lattice is not null || Positions is not null || StressKilobar is not null || EnergyWithoutEntropy is not null;

    internal void AddProblem(string code, string message, long line) => (problems ??= []).Add((code, message, line));

    internal void SetElectronicEnergy(PrintedNumber? value)
    {
        ElectronicEnergies++;
        PreviousElectronicEnergy = LastElectronicEnergy;
        LastElectronicEnergy = value;
    }

    internal void SetFreeEnergy(PrintedNumber value, long line)
    {
        Twice(FreeEnergy is { } known && known != value, "free energy", line);
        FreeEnergy = value;
    }

    internal void SetOtherEnergies(PrintedNumber withoutEntropy, PrintedNumber sigmaToZero, long line)
    {
        Twice(EnergyWithoutEntropy is { } known && (known != withoutEntropy || EnergySigmaToZero != sigmaToZero), "line of the other energies", line);
        EnergyWithoutEntropy = withoutEntropy;
        EnergySigmaToZero = sigmaToZero;
    }

    internal void SetLattice(LatticeBlock block)
    {
        Twice(Lattice is { } known && known.Rows != block.Rows, "cell", block.Line);
        Lattice = block;
        if (block.Contradiction is { } contradiction)
        {
            AddProblem("LatticeContradicts", contradiction, block.Line);
        }
    }

    internal void SetStress(double[] kilobar, int decimals, long line)
    {
        Twice(StressKilobar is { } known && !known.AsSpan().SequenceEqual(kilobar), "stress", line);
        StressKilobar = kilobar;
        StressDecimals = decimals;
    }

    internal void SetForces(Vector3D[] positions, Vector3D[] forces, long line)
    {
        Twice(Positions is { } known && !(known.AsSpan().SequenceEqual(positions) && Forces.AsSpan().SequenceEqual(forces)), "table of positions and forces", line);
        Positions = positions;
        Forces = forces;
        ForcesLine = line;
    }

    private void Twice(bool contradicts, string what, long line)
    {
        if (contradicts)
        {
            AddProblem("BlockDoubled", $"Its {what} stands twice, and nobody can tell which one belongs to the rest.", line);
        }
    }
}

/// <summary>A number and how many decimals it was printed with.</summary>
/// <param name="Value">The number.</param>
/// <param name="Decimals">The digits behind the point.</param>
internal readonly record struct PrintedNumber(double Value, int Decimals)
{
    private static readonly double[] HalfUnits = [.. Enumerable.Range(0, 20).Select(d => 0.5 * Math.Pow(10, -d))];

    /// <summary>Half a unit of the last printed digit.</summary>
    internal double HalfUnit => (uint)Decimals < (uint)HalfUnits.Length ? HalfUnits[Decimals] : 0.5 * Math.Pow(10, -Decimals);
}
