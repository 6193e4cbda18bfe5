namespace AtomProNet.Evaluation.EquationsOfState;

/// <summary>Which curve E(V) is fitted.</summary>
public enum EquationOfStateForm
{
    /// <summary>Third-order Birch–Murnaghan: F. Birch, Phys. Rev. 71, 809 (1947).</summary>
    BirchMurnaghan,
    /// <summary>P. Vinet, J. Ferrante, J. H. Rose and J. R. Smith, J. Phys.: Condens. Matter 1, 1941 (1989).</summary>
    Vinet,
    /// <summary>F. D. Murnaghan, Proc. Natl. Acad. Sci. 30, 244 (1944).</summary>
    Murnaghan,
}
