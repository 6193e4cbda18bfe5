using System.Text.Json;
using AtomProNet.Datasets.Statistics;
using AtomProNet.Structures;

namespace AtomProNet.Tests.Datasets.Statistics;

public class ReferenceEnergyFitTests
{
    /// <summary>Energies, standard errors, rank and condition as NumPy's lstsq has them for the whole matrix at once.</summary>
    [Fact]
    public void Agrees_with_numpy_over_several_blocks()
    {
        SystemPython.SkipUnlessThere("numpy");
        var random = new Random(3);
        string[] symbols = ["O", "Al", "Fe", "H"];
        double[] truth = [-5.1, -3.7, -8.2, -1.1];
        var rows = new List<(int[] Counts, double Energy)>();
        for (int i = 0; i < 3000; i++)
        {
            // Iron comes late: its column must be added to what was folded before.
            int[] counts = [random.Next(1, 60), random.Next(0, 40), i > 1500 ? random.Next(0, 5) : 0, random.Next(0, 3)];
            rows.Add((counts, counts.Zip(truth, (n, e) => n * e).Sum() + random.NextDouble() - 0.5));
        }

        var fit = new ReferenceEnergyFit();
        foreach ((int[] counts, double energy) in rows)
        {
            fit.Add(Composition.Of(counts.SelectMany((n, z) => Enumerable.Repeat(Element.FromSymbol(symbols[z]), n))), energy);
        }

        ReferenceEnergies found = fit.Conclude(symbols.Select(Element.FromSymbol));
        JsonElement expected = SystemPython.Run(
            """
            import numpy as np
            a, b = np.array([r[:-1] for r in data]), np.array([r[-1] for r in data])
            x, squares, rank, s = np.linalg.lstsq(a, b, rcond=None)
            error = np.sqrt(np.diag(np.linalg.inv(a.T @ a)) * squares[0] / (len(b) - rank))
            result = [x.tolist(), error.tolist(), int(rank), s[0] / s[-1], math.sqrt(squares[0] / len(b))]
            """,
            rows.Select(r => r.Counts.Select(n => (double)n).Append(r.Energy).ToArray()).ToArray());
        Assert.Equal((expected[2].GetInt32(), true), (found.Rank, found.IsDetermined));
        Assert.Equal(expected[3].GetDouble(), found.ConditionNumber!.Value, 1e-9);
        Assert.Equal(expected[4].GetDouble(), found.Residual!.Value, 1e-10);
        for (int z = 0; z < 4; z++)
        {
            ReferenceEnergy energy = found.Energies.Single(e => e.Element.Symbol == symbols[z]);
            Assert.Equal(expected[0][z].GetDouble(), energy.LeastSquares!.Value, 1e-10);
            Assert.Equal(expected[1][z].GetDouble(), energy.StandardError!.Value, 1e-10);
        }
    }

    [Fact]
    public void One_composition_has_rank_one_and_gives_no_reference_energies()
    {
        var fit = new ReferenceEnergyFit();
        for (int i = 0; i < 50; i++)
        {
            // Cells of several sizes are one composition all the same.
            fit.Add(Composition.Parse(i % 2 == 0 ? "Al2O3" : "Al4O6"), (i % 2 == 0 ? 1 : 2) * -37.4 + 0.001 * i);
        }

        ReferenceEnergies found = fit.Conclude(new[] { "O", "Al" }.Select(Element.FromSymbol));
        Assert.Equal(1, found.Rank);
        Assert.False(found.IsDetermined);
        Assert.All(found.Energies, e => Assert.Null(e.LeastSquares));
        Assert.Contains("New-IsolatedAtom O,Al", found.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void An_element_that_is_determined_is_given_where_others_are_not()
    {
        var fit = new ReferenceEnergyFit();
        fit.Add(Composition.Parse("H2"), -6);
        fit.Add(Composition.Parse("AlOH"), -13);
        fit.Add(Composition.Parse("AlO"), -10);
        ReferenceEnergies found = fit.Conclude(new[] { "H", "O", "Al" }.Select(Element.FromSymbol));
        Assert.Equal(2, found.Rank);
        Assert.Equal(-3, found.Energies.Single(e => e.Element.Symbol == "H").LeastSquares!.Value, 1e-10);
        Assert.Null(found.Energies.Single(e => e.Element.Symbol == "Al").LeastSquares);
    }

    [Fact]
    public void Single_atoms_are_told_apart_from_least_squares()
    {
        var fit = new ReferenceEnergyFit();
        fit.AddIsolatedAtom(Element.FromSymbol("O"), -1.5);
        fit.Add(Composition.Parse("AlO"), -10);
        ReferenceEnergies found = fit.Conclude(new[] { "O", "Al" }.Select(Element.FromSymbol));
        Assert.Equal(-1.5, found.Energies[0].IsolatedAtom);
        Assert.False(found.HasIsolatedAtoms);
        Assert.Contains("New-IsolatedAtom Al ", found.Advice, StringComparison.Ordinal);
    }
}
