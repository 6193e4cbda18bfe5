using AtomProNet.Structures;

namespace AtomProNet.Tests.Vasp;

/// <summary>The analytic potential behind the synthetic outputs: its forces and stress are derivatives of its energy.</summary>
public sealed class MorsePotentialTests
{
    private const double Step = 1e-4;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void ForcesAreTheSlopeOfTheEnergy(int seed)
    {
        SyntheticStep step = SyntheticRuns.Disordered(seed);
        for (int i = 0; i < step.Positions.Length; i++)
        {
            foreach (Vector3D axis in (Vector3D[])[new(1, 0, 0), new(0, 1, 0), new(0, 0, 1)])
            {
                double slope = (Energy(i, axis * Step) - Energy(i, axis * -Step)) / (2 * Step);
                Assert.Equal(-slope, Vector3D.Dot(step.Forces[i], axis), 1e-6);
            }
        }

        double Energy(int atom, Vector3D displacement)
        {
            Vector3D[] moved = [.. step.Positions];
            moved[atom] += displacement;
            return MorsePotential.Aluminium.Evaluate(step.Lattice, moved).Energy;
        }
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public void StressIsTheSlopeAlongStrain(int seed)
    {
        SyntheticStep step = SyntheticRuns.Disordered(seed);
        (int, int)[] voigt = [(0, 0), (1, 1), (2, 2), (1, 2), (0, 2), (0, 1)];
        double[] stress = step.Stress!.Value.ToVoigt();
        for (int k = 0; k < 6; k++)
        {
            // A symmetric strain of ε_ij = ε_ji changes the energy by V·2σ_ij·ε off the diagonal.
            double factor = k < 3 ? 1 : 2;
            double slope = (Energy(voigt[k], Step) - Energy(voigt[k], -Step)) / (2 * Step) / factor / step.Lattice.Volume;
            Assert.Equal(slope, stress[k], 1e-7);
        }

        double Energy((int I, int J) entry, double strain)
        {
            double[] m = [1, 0, 0, 0, 1, 0, 0, 0, 1];
            m[3 * entry.I + entry.J] += strain;
            if (entry.I != entry.J)
            {
                m[3 * entry.J + entry.I] += strain;
            }

            Matrix3x3 deformation = Matrix3x3.FromRowMajor(m);
            return MorsePotential.Aluminium.Evaluate(new(step.Lattice.Rows * deformation), [.. step.Positions.Select(r => r * deformation)]).Energy;
        }
    }
}
