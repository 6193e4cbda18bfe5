using System.Globalization;
using AtomProNet.Calculations;

namespace AtomProNet.Vasp.Inputs;

/// <summary>VASP's KPOINTS file (VASP manual, KPOINTS: regular mesh).</summary>
internal static class KpointsFile
{
    /// <summary>The text of the file.</summary>
    /// <param name="mesh">The mesh.</param>
    /// <param name="comment">The first line.</param>
    internal static string ToText(KPointMesh mesh, string comment) =>
        string.Create(CultureInfo.InvariantCulture, $"{PlainText.Of(comment)}\n0\n{(mesh.GammaCentred ? "Gamma" : "Monkhorst-Pack")}\n{mesh.N1} {mesh.N2} {mesh.N3}\n0 0 0\n");
}
