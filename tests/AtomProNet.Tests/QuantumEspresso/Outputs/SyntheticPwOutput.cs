namespace AtomProNet.Tests.QuantumEspresso.Outputs;

/// <summary>A small standard output of pw.x, written by hand after its print statements: iron and oxygen in a cube, no DFT behind it.</summary>
internal static class SyntheticPwOutput
{
    /// <summary>The energy, Ry.</summary>
    public const double Energy = -88.25;

    /// <summary>One self-consistency of two irons (labels Fe1, Fe2) and an oxygen in a cube of 8 bohr.</summary>
    /// <param name="beforeSummary">Lines that stand before the summary.</param>
    /// <param name="inSummary">Lines behind the functional.</param>
    /// <param name="afterSites">Lines behind the positions.</param>
    /// <param name="terms">The terms of the energy and what stands behind them; null for terms that fit.</param>
    public static string Scf(string beforeSummary = "", string inSummary = "", string afterSites = "", string? terms = null) => $"""

             Program PWSCF v.7.3 starts on  1Jan2024 at 12: 0: 0

        {beforeSummary}
             bravais-lattice index     =            1
             lattice parameter (alat)  =       8.0000  a.u.
             unit-cell volume          =     512.0000 (a.u.)^3
             number of atoms/cell      =            3
             number of atomic types    =            3
             number of electrons       =        38.00
             number of Kohn-Sham states=           19
             kinetic-energy cutoff     =      50.0000  Ry
             charge density cutoff     =     400.0000  Ry
             scf convergence threshold =      1.0E-10
             Exchange-correlation= PBE
                                   (   1   4   3   4   0   0   0)
        {inSummary}
             celldm(1)=   8.000000  celldm(2)=   0.000000  celldm(3)=   0.000000
             celldm(4)=   0.000000  celldm(5)=   0.000000  celldm(6)=   0.000000

             crystal axes: (cart. coord. in units of alat)
                       a(1) = (   1.000000   0.000000   0.000000 )
                       a(2) = (   0.000000   1.000000   0.000000 )
                       a(3) = (   0.000000   0.000000   1.000000 )

             reciprocal axes: (cart. coord. in units 2 pi/alat)
                       b(1) = (  1.000000  0.000000  0.000000 )
                       b(2) = (  0.000000  1.000000  0.000000 )
                       b(3) = (  0.000000  0.000000  1.000000 )

             atomic species   valence    mass     pseudopotential
                Fe1           16.00    55.84500     Fe( 1.00)
                Fe2           16.00    55.84500     Fe( 1.00)
                O              6.00    15.99900     O ( 1.00)

           Cartesian axes

             site n.     atom                  positions (alat units)
                 1           Fe1    tau(   1) = (   0.0000000   0.0000000   0.0000000  )
                 2           Fe2    tau(   2) = (   0.5000000   0.5000000   0.0000000  )
                 3           O      tau(   3) = (   0.5000000   0.0000000   0.0000000  )
        {afterSites}
             number of k points=     1

             Self-consistent Calculation

             iteration #  1     ecut=    50.00 Ry     beta= 0.70
             Davidson diagonalization with overlap

        !    total energy              =     -88.25000000 Ry
             estimated scf accuracy    <          1.0E-11 Ry
        {terms ?? """

             The total energy is the sum of the following terms:
             one-electron contribution =     -90.00000000 Ry
             hartree contribution      =       1.75000000 Ry
        """}

             convergence has been achieved in   1 iterations

             Writing output data file pwscf.save/

           This run was terminated on:  12: 0: 5   1Jan2024

        =------------------------------------------------------------------------------=
           JOB DONE.
        =------------------------------------------------------------------------------=
        """;
}
