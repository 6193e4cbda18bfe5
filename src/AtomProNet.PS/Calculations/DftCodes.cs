using AtomProNet.Calculations;
using AtomProNet.QuantumEspresso.Outputs;
using AtomProNet.Vasp.Outputs;

namespace AtomProNet.PS.Calculations;

/// <summary>The DFT codes that this module knows.</summary>
internal static class DftCodes
{
    public static IReadOnlyList<IDftCode> All { get; } = [new VaspCode(), new PwCode()];
}
