using System.Collections;
using System.Collections.Immutable;
using System.Globalization;
using MathNet.Numerics.LinearAlgebra;
using Dense = MathNet.Numerics.LinearAlgebra.Double;

namespace AtomProNet.Evaluation.Elasticity;

/// <summary>A 6×6 matrix in Voigt order xx yy zz yz xz xy with engineering shear strains. Enumerates its rows. Immutable.</summary>
public sealed class ElasticMatrix : IEquatable<ElasticMatrix>, IReadOnlyList<ImmutableArray<double>>
{
    /// <summary>The names of the components, in Voigt order.</summary>
    internal static readonly string[] ComponentNames = ["xx", "yy", "zz", "yz", "xz", "xy"];

    private readonly ImmutableArray<ImmutableArray<double>> rows;

    internal ElasticMatrix(Matrix<double> matrix) =>
        rows = [.. matrix.EnumerateRows().Select(row => row.ToImmutableArray())];

    /// <summary>Six rows.</summary>
    public int Count => 6;

    /// <summary>A row, counted from 0.</summary>
    public ImmutableArray<double> this[int index] => rows[index];

    /// <summary>An entry; rows and columns are counted from 0, so that C₄₄ is [3, 3].</summary>
    public double this[int row, int column] => rows[row][column];

    /// <summary>The numbers of the matrix as an array of its own.</summary>
    public double[,] ToArray()
    {
        var array = new double[6, 6];
        for (int i = 0; i < 6; i++)
        {
            for (int j = 0; j < 6; j++)
            {
                array[i, j] = rows[i][j];
            }
        }

        return array;
    }

    /// <inheritdoc/>
    public bool Equals(ElasticMatrix? other) => other is not null && rows.Zip(other.rows).All(pair => pair.First.SequenceEqual(pair.Second));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ElasticMatrix);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(rows[0][0], rows[1][1], rows[2][2], rows[3][3], rows[0][1]);

    /// <inheritdoc/>
    public IEnumerator<ImmutableArray<double>> GetEnumerator() => ((IEnumerable<ImmutableArray<double>>)rows).GetEnumerator();

    /// <summary>Six lines of six numbers.</summary>
    public override string ToString() => string.Join('\n', rows.Select(row => string.Join(' ', row.Select(x => (Math.Abs(x) < 5e-5 ? 0 : x).ToString("F4", CultureInfo.InvariantCulture).PadLeft(11)))));

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal Matrix<double> ToMatrix() => Dense.DenseMatrix.Create(6, 6, (i, j) => rows[i][j]);
}
