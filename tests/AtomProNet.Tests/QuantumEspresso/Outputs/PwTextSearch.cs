using System.Globalization;
using System.Text.RegularExpressions;

namespace AtomProNet.Tests.QuantumEspresso.Outputs;

/// <summary>
/// What a plain search of the text finds in a pw.x output, by regular expressions and nothing of the library: energies, force tables,
/// stresses and geometries with their lines. A geometry belongs to whatever energy comes after it.
/// </summary>
internal sealed class PwTextSearch
{
    public const double Rydberg = 13.605693122994;
    public const double Bohr = 0.529177210903;

    private static readonly string[] Marks = ["!", "number of atoms", "celldm(1)", "crystal axes", "site n.", "CELL_PARAM", "ATOMIC_POS", "Forces acting", "stress"];

    public List<(int Line, double Rydberg)> Energies { get; } = [];

    /// <summary>The energies that end a loop over exact exchange (!!).</summary>
    public List<(int Line, double Rydberg)> ExchangeEnergies { get; } = [];

    public List<(int Line, double[][] RydbergPerBohr)> Forces { get; } = [];

    public List<(int Line, double[][] RydbergPerCubicBohr, double[][] Kilobar)> Stresses { get; } = [];

    /// <summary>Positions in Å, and the cell in Å where it is printed with them.</summary>
    public List<(int Line, double[][] Angstrom, double[][]? Cell)> Geometries { get; } = [];

    public static PwTextSearch Of(string text)
    {
        var found = new PwTextSearch();
        string[] lines = text.Split('\n');
        double alat = 0;
        int atoms = 0;
        double[][] cell = [];
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i].TrimEnd('\r');
            if (!Array.Exists(Marks, m => line.Contains(m, StringComparison.Ordinal)))
            {
                continue;
            }

            if (Regex.Match(line, @"^(!!?)\s+total energy\s+=\s+(\S+)\s+Ry") is { Success: true } energy)
            {
                (energy.Groups[1].Value == "!" ? found.Energies : found.ExchangeEnergies).Add((i + 1, Number(energy.Groups[2].Value)));
            }
            else if (Regex.Match(line, @"number of atoms/cell\s+=\s+(\d+)") is { Success: true } count)
            {
                atoms = int.Parse(count.Groups[1].Value, CultureInfo.InvariantCulture);
            }
            else if (Regex.Match(line, @"celldm\(1\)=\s*(\S+)") is { Success: true } celldm)
            {
                alat = Number(celldm.Groups[1].Value);
            }
            else if (line.Contains("crystal axes:", StringComparison.Ordinal))
            {
                cell = [.. lines[(i + 1)..(i + 4)].Select(l => Numbers(l[(l.IndexOf("= (", StringComparison.Ordinal) + 3)..]).Select(x => x * alat * Bohr).ToArray())];
            }
            else if (Regex.IsMatch(line, @"site n\.\s+atom\s+positions \((alat|a_0) units\)"))
            {
                found.Geometries.Add((i + 1, [.. lines[(i + 1)..(i + 1 + atoms)].Select(l => Numbers(l[(l.IndexOf("= (", StringComparison.Ordinal) + 3)..]).Select(x => x * alat * Bohr).ToArray())], cell));
            }
            else if (Regex.Match(line, @"^CELL_PARAMETERS \((\w+)(?:=\s*(\S+))?\)") is { Success: true } parameters)
            {
                double unit = parameters.Groups[1].Value switch { "angstrom" => 1, "bohr" => Bohr, _ => Number(parameters.Groups[2].Value) * Bohr };
                cell = [.. lines[(i + 1)..(i + 4)].Select(l => Numbers(l).Select(x => x * unit).ToArray())];
            }
            else if (Regex.Match(line, @"^ATOMIC_POSITIONS \((\w+)\)") is { Success: true } positions)
            {
                string kind = positions.Groups[1].Value;
                double unit = kind switch { "bohr" => Bohr, "alat" => alat * Bohr, _ => 1 };
                double[][] rows = [.. lines[(i + 1)..(i + 1 + atoms)].Select(l => Numbers(l[(l.TrimStart().IndexOf(' ', StringComparison.Ordinal) + l.Length - l.TrimStart().Length)..]).Take(3).Select(x => x * unit).ToArray())];
                if (kind == "crystal")
                {
                    double[][] c = cell;
                    rows = [.. rows.Select(r => Enumerable.Range(0, 3).Select(k => (r[0] * c[0][k]) + (r[1] * c[1][k]) + (r[2] * c[2][k])).ToArray())];
                }

                found.Geometries.Add((i + 1, rows, cell));
            }
            else if (line.Contains("Forces acting on atoms", StringComparison.Ordinal))
            {
                int first = i + 1;
                while (lines[first].Trim().Length == 0)
                {
                    first++;
                }

                found.Forces.Add((i + 1, [.. lines[first..(first + atoms)].Select(l => Numbers(l[(l.IndexOf('=', StringComparison.Ordinal) + 1)..]))]));
            }
            else if (Regex.IsMatch(line, @"^\s+total\s+stress\s+\("))
            {
                double[][] rows = [.. lines[(i + 1)..(i + 4)].Select(Numbers)];
                found.Stresses.Add((i + 1, [.. rows.Select(r => r[..3])], [.. rows.Select(r => r[3..])]));
            }
        }

        return found;
    }

    /// <summary>The last geometry before a line.</summary>
    public (double[][] Angstrom, double[][] Cell) GeometryBefore(int line)
    {
        (int _, double[][] positions, double[][]? cell) = Geometries.Last(g => g.Line < line);
        return (positions, cell!);
    }

    private static double Number(string text) => double.Parse(text.TrimEnd(')', '"'), NumberStyles.Float, CultureInfo.InvariantCulture);

    private static double[] Numbers(string text) => [.. Regex.Matches(text, @"[-+]?\d+\.\d+(?:[eE][-+]?\d+)?").Select(m => Number(m.Value))];
}
