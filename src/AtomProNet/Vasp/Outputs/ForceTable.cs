using AtomProNet.Structures;
using AtomProNet.Text;

namespace AtomProNet.Vasp.Outputs;

/// <summary>The table <c>POSITION … TOTAL-FORCE (eV/Angst)</c>: five decimals of Å, six of eV/Å, one row per atom, then the drift.</summary>
internal static class ForceTable
{
    /// <summary>Reads the table whose heading was read last.</summary>
    /// <param name="reader">Stands on the heading; afterwards on the last line of the table.</param>
    /// <param name="count">The number of atoms.</param>
    /// <param name="withoutDispersion">Whether further columns follow (forces without the dispersion correction), which are not read.</param>
    /// <param name="positions">The positions.</param>
    /// <param name="forces">The forces.</param>
    /// <param name="drift">The drift; null where it is missing or unreadable.</param>
    /// <param name="problem">Why there is no table.</param>
    internal static bool TryRead(Utf8LineReader reader, int count, bool withoutDispersion, out Vector3D[]? positions, out Vector3D[]? forces, out Vector3D? drift, out string problem)
    {
        positions = null;
        forces = null;
        drift = null;
        problem = "The file ends within its table of forces.";
        if (!reader.Read())
        {
            return false;
        }

        if (!IsRule(reader.Line))
        {
            problem = "The rule under the heading of its forces is damaged.";
            reader.PushBack();
            return false;
        }

        Vector3D[] r = GC.AllocateUninitializedArray<Vector3D>(count), f = GC.AllocateUninitializedArray<Vector3D>(count);
        for (int i = 0; i < count; i++)
        {
            // Where a row ends is known before it is searched for.
            ReadOnlySpan<byte> ahead = reader.Ahead;
            if (ahead.Length > ForceRow.Width && ahead[ForceRow.Width] == '\n' && ForceRow.TryReadColumns(ahead[..ForceRow.Width], out r[i], out f[i]))
            {
                reader.Take(ForceRow.Width);
                continue;
            }

            if (!reader.Read())
            {
                return false;
            }

            if (!ForceRow.TryRead(reader.Line, withoutDispersion, out r[i], out f[i]))
            {
                problem = reader.Line.IndexOf((byte)'*') >= 0 ? FormattableString.Invariant($"A number of atom {i + 1} in its table of forces overflowed its column (****).")
                    : IsRule(reader.Line) ? FormattableString.Invariant($"Its table of forces has {i} rows for {count} atoms.")
                    : FormattableString.Invariant($"Row {i + 1} of its table of forces is unreadable.");
                reader.PushBack();
                return false;
            }
        }

        if (!reader.Read())
        {
            return false;
        }

        if (!IsRule(reader.Line))
        {
            problem = FormattableString.Invariant($"Its table of forces does not end after {count} atoms.");
            reader.PushBack();
            return false;
        }

        if (reader.Read())
        {
            drift = ReadDrift(reader.Line);
            if (drift is null)
            {
                reader.PushBack();
            }
        }

        positions = r;
        forces = f;
        return true;
    }

    /// <summary>Whether a line is a rule of strokes under a heading.</summary>
    internal static bool IsRule(ReadOnlySpan<byte> line)
    {
        ReadOnlySpan<byte> rule = line.Trim((byte)' ');
        return rule.Length > 20 && rule.IndexOfAnyExcept((byte)'-') < 0;
    }

    private static Vector3D? ReadDrift(ReadOnlySpan<byte> line)
    {
        Span<double> row = stackalloc double[3];
        ReadOnlySpan<byte> text = line.TrimStart((byte)' ');
        if (!text.StartsWith("total drift:"u8))
        {
            return null;
        }

        text = text[12..];
        return FixedDecimals.TryTake(ref text, 6, row) ? new Vector3D(row[0], row[1], row[2]) : null;
    }
}
