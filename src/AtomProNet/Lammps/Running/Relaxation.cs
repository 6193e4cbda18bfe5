namespace AtomProNet.Lammps.Running;

/// <summary>What moves before the labels of a frame are computed.</summary>
public enum Relaxation
{
    /// <summary>Nothing: the labels belong to the geometry that was given.</summary>
    None,
    /// <summary>The atoms, in the cell as it is.</summary>
    Ions,
    /// <summary>The atoms and the size of the cell; its shape stays.</summary>
    Volume,
    /// <summary>The atoms and the cell, to zero stress.</summary>
    Cell,
}
