namespace AtomProNet.Evaluation;

/// <summary>How far two geometries may lie apart and still count as the same one.</summary>
/// <param name="Position">The largest distance between an atom and its counterpart under periodic boundaries, Å.</param>
/// <param name="Cell">The largest difference between components of the lattice vectors, Å.</param>
public sealed record GeometryTolerance(double Position, double Cell)
{
    /// <summary>
    /// 1e-3 Å for both: models work in float32 (6e-6 Å at 100 Å) and some wrap the atoms, so that bits cannot agree, while
    /// another step of the same trajectory lies farther away.
    /// </summary>
    public static GeometryTolerance Default { get; } = new(1e-3, 1e-3);
}
