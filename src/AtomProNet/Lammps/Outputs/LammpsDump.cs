using System.Text;
using AtomProNet.Files;
using AtomProNet.Text;

namespace AtomProNet.Lammps.Outputs;

/// <summary>One snapshot of a dump in LAMMPS's text form: columns by name, rows by atom id. Immutable.</summary>
internal sealed class LammpsDump
{
    private readonly string[] columns;
    private readonly double[] values;

    private LammpsDump(long step, string[] columns, double[] values, int count)
    {
        Step = step;
        this.columns = columns;
        this.values = values;
        AtomCount = count;
    }

    /// <summary>The time step.</summary>
    internal long Step { get; }

    /// <summary>The number of atoms.</summary>
    internal int AtomCount { get; }

    /// <summary>Whether there is a column of that name.</summary>
    internal bool Has(string column) => Array.IndexOf(columns, column) >= 0;

    /// <summary>The value of an atom (counted from 0, by id) in a column.</summary>
    internal double this[int atom, string column] => values[atom * columns.Length + Array.IndexOf(columns, column)];

    /// <summary>The snapshots of a dump, one after the other.</summary>
    /// <exception cref="AtomProNetException">It is cut, or no dump.</exception>
    internal static IEnumerable<LammpsDump> Read(string file, CancellationToken cancellation = default)
    {
        using FileStream stream = SharedFile.OpenRead(file);
        using var lines = new Utf8LineReader(stream, cancellation);
        while (Next(lines, file) is { } snapshot)
        {
            yield return snapshot;
        }
    }

    private static LammpsDump? Next(Utf8LineReader lines, string file)
    {
        long step = 0;
        int count = -1;
        bool any = false;
        while (lines.Read())
        {
            ReadOnlySpan<byte> line = lines.Line;
            any |= line.Length > 0;
            if (line.StartsWith("ITEM: TIMESTEP"u8))
            {
                step = Whole(lines, file);
            }
            else if (line.StartsWith("ITEM: NUMBER OF ATOMS"u8))
            {
                count = (int)Whole(lines, file);
            }
            else if (line.StartsWith("ITEM: ATOMS "u8))
            {
                return Atoms(lines, step, count, Encoding.ASCII.GetString(line[12..]).Split(' ', StringSplitOptions.RemoveEmptyEntries), file);
            }
        }

        return any || lines.Rest.Length > 0 ? throw Damaged(file, lines.LineNumber, "The dump ends within a snapshot.") : null;
    }

    private static LammpsDump Atoms(Utf8LineReader lines, long step, int count, string[] columns, string file)
    {
        int id = Array.IndexOf(columns, "id");
        if (count < 0 || id < 0)
        {
            throw Damaged(file, lines.LineNumber, "The dump does not tell the number or the ids of its atoms.");
        }

        var values = new double[count * columns.Length];
        var seen = new bool[count];
        var row = new double[columns.Length];
        for (int i = 0; i < count; i++)
        {
            if (!lines.Read())
            {
                throw Damaged(file, lines.LineNumber, $"The dump ends after {i} of {count} atoms.");
            }

            var fields = new Utf8Fields(lines.Line);
            for (int c = 0; c < columns.Length; c++)
            {
                if (!fields.TryRead(out ReadOnlySpan<byte> field))
                {
                    throw Damaged(file, lines.LineNumber, "A line of the dump has fewer numbers than there are columns.");
                }

                if (Utf8Number.TryParseDouble(field, out row[c]))
                {
                    continue;
                }

                // What C prints of forces that have grown beyond all bounds; who uses the number refuses it.
                row[c] = double.NaN;
                if (!(field.EndsWith("nan"u8) || field.EndsWith("inf"u8)))
                {
                    throw Damaged(file, lines.LineNumber, "A word of the dump is no number.");
                }
            }

            int atom = (int)row[id] - 1;
            if (atom < 0 || atom >= count || seen[atom])
            {
                throw Damaged(file, lines.LineNumber, "The ids of the dump are not those of the atoms.");
            }

            seen[atom] = true;
            row.CopyTo(values, atom * columns.Length);
        }

        return new(step, columns, values, count);
    }

    private static long Whole(Utf8LineReader lines, string file) =>
        lines.Read() && Utf8Number.TryParseInteger(lines.Line.Trim((byte)' '), out long value) ? value : throw Damaged(file, lines.LineNumber, "A whole number is missing.");

    private static AtomProNetException Damaged(string file, long line, string problem) =>
        new(ErrorKind.InvalidData, "LammpsDumpDamaged", problem, file, line);
}
