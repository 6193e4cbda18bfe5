using AtomProNet.Calculations;
using AtomProNet.Lammps.Outputs;
using AtomProNet.QuantumEspresso.Outputs;
using AtomProNet.Vasp.Outputs;

namespace AtomProNet.PS.Calculations;

/// <summary>The codes that this module knows: whose jobs it judges, and whose results it reads.</summary>
internal static class DftCodes
{
    public static IReadOnlyList<IDftCode> All { get; } = [new VaspCode(), new PwCode(), new LammpsCode()];
}
