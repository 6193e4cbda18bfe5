using AtomProNet.Structures;
using AtomProNet.Text;

namespace AtomProNet.QuantumEspresso.Outputs;

/// <summary>The table of forces with its norm, and the stress.</summary>
internal sealed partial class PwOutputParser
{
    private void ReadForces()
    {
        if (step is null || run!.AtomCount is not { } count)
        {
            return;
        }

        long line = reader.LineNumber;
        if (step.Forces is not null)
        {
            step.Damage("ForcesTwice", "Two tables of forces are printed for this geometry.", line);
        }

        var forces = new Vector3D[count];
        int read = 0;
        Span<double> xyz = stackalloc double[3];
        while (reader.Read())
        {
            ReadOnlySpan<byte> row = reader.Line;
            if (Utf8Fields.IsBlankLine(row))
            {
                if (read > 0)
                {
                    break;
                }

                continue;
            }

            int at = row.IndexOf("force ="u8);
            ReadOnlySpan<byte> numbers = at < 0 ? default : row[(at + "force ="u8.Length)..];
            if (at < 0 || read == count || !IsForceRow(row[..at], read + 1) || !FixedDecimals.TryTake(ref numbers, 8, xyz) || !FixedDecimals.IsBlank(numbers))
            {
                if (!row.TrimStart((byte)' ').StartsWith("atom"u8) && read == count)
                {
                    reader.PushBack(); // high verbosity: the contributions follow at once
                    break;
                }

                step.Damage("ForcesDamaged", FormattableString.Invariant($"The force on atom {read + 1} cannot be read."), reader.LineNumber);
                return;
            }

            forces[read++] = new(xyz[0], xyz[1], xyz[2]);
        }

        if (read < count)
        {
            // At the end of the file this is a cut, which is judged by whoever sees that the step is not closed.
            step.Damage("ForcesIncomplete", FormattableString.Invariant($"There are forces on {read} of {count} atoms."), reader.LineNumber);
            return;
        }

        step.Forces = forces;
        ReadTotalForce();
    }

    /// <summary>Skips the contributions that high verbosity prints, up to the norm. What stands there is no force on an atom.</summary>
    private void ReadTotalForce()
    {
        while (reader.Read())
        {
            ReadOnlySpan<byte> t = reader.Line.TrimStart((byte)' ');
            if (t.StartsWith("Total force ="u8))
            {
                if (TryFixed(t, 6, out double total, out ReadOnlySpan<byte> rest) && rest.IndexOf("Total SCF correction ="u8) >= 0)
                {
                    step!.TotalForce = total;
                }

                return;
            }

            if (!t.IsEmpty && !t.StartsWith("atom"u8) && t.IndexOf("ontrib"u8) < 0 && t.IndexOf("to forces"u8) < 0 && !t.StartsWith("Total "u8) && !t.StartsWith("DFT-D3"u8))
            {
                reader.PushBack();
                return;
            }
        }
    }

    private static bool IsForceRow(ReadOnlySpan<byte> text, int number)
    {
        var fields = new Utf8Fields(text);
        return fields.TryRead(out ReadOnlySpan<byte> atom) && atom.SequenceEqual("atom"u8)
            && fields.TryRead(out ReadOnlySpan<byte> index) && IsIndex(index, number)
            && fields.TryRead(out ReadOnlySpan<byte> type) && type.SequenceEqual("type"u8)
            && fields.TryRead(out _) && !fields.TryRead(out _);
    }

    /// <summary>Whether a field is that number, or the stars that Fortran prints where it does not fit.</summary>
    private static bool IsIndex(ReadOnlySpan<byte> field, int number) =>
        Utf8Number.TryParseInteger(field, out long value) ? value == number : number > 999 && field.IndexOfAnyExcept((byte)'*') < 0;

    /// <summary>A message where the stress would stand: for some functionals and fields pw.x has none.</summary>
    private void ReadStressMessage()
    {
        if (step is null || !reader.Read())
        {
            return;
        }

        if (reader.Line.IndexOf("not implemented"u8) >= 0)
        {
            step.StressAnnounced = false;
        }
        else
        {
            reader.PushBack();
        }
    }

    private static bool IsStressHeader(ReadOnlySpan<byte> t) =>
        t.StartsWith("total"u8) && t["total"u8.Length..].TrimStart((byte)' ').StartsWith("stress"u8) && t.IndexOf("(kbar)"u8) > 0;

    private void ReadStress(ReadOnlySpan<byte> header)
    {
        if (step is null)
        {
            return;
        }

        long line = reader.LineNumber;
        if (step.Stress is not null)
        {
            step.Damage("StressTwice", "Two stresses are printed for this geometry.", line);
        }

        bool units = header.IndexOf("(Ry/bohr**3)"u8) > 0 || header.IndexOf("(Ryd/bohr**3)"u8) > 0 || header.IndexOf("(ryd/bohr**3)"u8) > 0;
        int at = header.IndexOf("P="u8);
        ReadOnlySpan<byte> printed = at < 0 ? default : header[(at + 2)..];
        double? pressure = FixedDecimals.TryTake(ref printed, 2, out double p) ? p : null;
        Span<double> rydberg = stackalloc double[9], kilobar = stackalloc double[9];
        for (int row = 0; row < 3; row++)
        {
            if (!reader.Read())
            {
                return; // cut: the step is not closed
            }

            ReadOnlySpan<byte> numbers = reader.Line;
            if (!units || !FixedDecimals.TryTake(ref numbers, 8, rydberg.Slice(3 * row, 3)) || !FixedDecimals.TryTake(ref numbers, 2, kilobar.Slice(3 * row, 3)) || !FixedDecimals.IsBlank(numbers))
            {
                step.Damage("StressDamaged", FormattableString.Invariant($"Row {row + 1} of the stress cannot be read."), reader.LineNumber);
                return;
            }
        }

        step.Stress = (Matrix3x3.FromRowMajor(rydberg), Matrix3x3.FromRowMajor(kilobar), pressure);
    }
}
