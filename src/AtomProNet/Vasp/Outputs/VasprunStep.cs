using AtomProNet.Structures;

namespace AtomProNet.Vasp.Outputs;

/// <summary>One <c>&lt;calculation&gt;</c> of a vasprun.xml.</summary>
internal sealed class VasprunStep(int number, long line)
{
    private readonly List<(string Code, string Message, long Line)> problems = [];

    internal int Number { get; } = number;

    internal long Line { get; } = line;

    /// <summary>Whether its closing line was seen.</summary>
    internal bool IsEnded { get; set; }

    internal XmlStructure? Structure { get; set; }

    internal Vector3D[]? Forces { get; set; }

    internal int ForceDecimals { get; set; }

    internal long ForcesLine { get; set; }

    /// <summary>kbar, compression positive.</summary>
    internal Matrix3x3? Stress { get; set; }

    /// <summary>The energies of the calculation by name, and those of its last electronic step.</summary>
    internal Dictionary<string, PrintedNumber> Energies { get; } = new(StringComparer.Ordinal);

    internal Dictionary<string, PrintedNumber> Electronic { get; private set; } = new(StringComparer.Ordinal);

    /// <summary>F of the electronic step before the last.</summary>
    internal PrintedNumber? PreviousElectronicEnergy { get; private set; }

    internal int ElectronicSteps { get; private set; }

    // The last electronic step that lists the terms of its energy, as the first and the last one of the ground state do and those of a response do not.
    private (Dictionary<string, PrintedNumber> Electronic, PrintedNumber? Previous, int Steps)? detailed;
    private int detailedCount;

    internal IReadOnlyList<(string Code, string Message, long Line)> Problems => problems;

    internal void BeginElectronicStep()
    {
        PreviousElectronicEnergy = Electronic.TryGetValue("e_fr_energy", out PrintedNumber last) ? last : null;
        Electronic = new(StringComparer.Ordinal);
        ElectronicSteps++;
    }

    internal void EndElectronicStep()
    {
        if (Electronic.ContainsKey("bandstr"))
        {
            detailed = (Electronic, PreviousElectronicEnergy, ElectronicSteps);
            detailedCount++;
        }
    }

    /// <summary>Forgets the electronic steps of a response to a field or to displacements, which stand behind those of the ground state.</summary>
    internal void LeaveOutResponse()
    {
        // Where only the first one lists them, nobody can tell which the last one is.
        if (detailedCount > 1 && detailed is { } groundState)
        {
            (Electronic, PreviousElectronicEnergy, ElectronicSteps) = groundState;
        }
    }

    internal void AddProblem(string code, string message, long line) => problems.Add((code, message, line));

    internal void AddEnergy(string name, PrintedNumber value, long line)
    {
        if (Energies.TryGetValue(name, out PrintedNumber known) && known != value)
        {
            AddProblem("BlockDoubled", $"Its energy '{name}' stands twice, and nobody can tell which one belongs to the rest.", line);
        }

        Energies[name] = value;
    }
}
