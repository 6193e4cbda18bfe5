using System.Globalization;

namespace AtomProNet.Calculations;

/// <summary>Reads the divisions that <see cref="Structures.DftMethod.KPointMesh"/> records.</summary>
internal static class KPointMeshText
{
    /// <summary>The three divisions of a mesh such as <c>4x4x4</c> or <c>4×4×4 Γ-centred</c>; null for anything else.</summary>
    internal static int[]? Divisions(string? mesh)
    {
        string[]? parts = mesh?.Split(' ')[0].Split('x', '×');
        return parts is { Length: 3 } && Array.ConvertAll(parts, Number) is var n && n.All(d => d > 0) ? n : null;

        static int Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int n) ? n : 0;
    }
}
