using AtomProNet.Text;

namespace AtomProNet.Vasp.Outputs;

/// <summary>A table <c>magnetization (x)</c>: one row per atom with its number, the moments of its orbitals and their total, μ_B.</summary>
internal static class MomentTable
{
    /// <summary>Reads the table whose heading was read last.</summary>
    /// <returns>False where a row is missing or unreadable, or the totals do not add up.</returns>
    internal static bool TryRead(Utf8LineReader reader, int count, out double[]? moments)
    {
        moments = null;
        // The heading of the columns and the rule come after a blank line or none.
        bool inTable = false;
        for (int i = 0; i < 4 && !inTable; i++)
        {
            if (!reader.Read())
            {
                return false;
            }

            inTable = reader.Line.TrimStart((byte)' ').StartsWith("-----"u8);
        }

        var totals = new double[count];
        for (int i = 0; i < count; i++)
        {
            if (!inTable || !reader.Read() || !TryRow(reader.Line, i + 1, out totals[i]))
            {
                return false;
            }
        }

        // A single atom has no sum.
        if (count > 1 && !SumAgrees(reader, totals))
        {
            return false;
        }

        moments = totals;
        return true;
    }

    private static bool TryRow(ReadOnlySpan<byte> line, int number, out double total)
    {
        total = 0;
        var fields = new Utf8Fields(line);
        return fields.TryRead(out ReadOnlySpan<byte> index) && Utf8Number.TryParseInteger(index, out long printed) && printed == number && LastColumn(fields.Rest, 3, out total);
    }

    private static bool SumAgrees(Utf8LineReader reader, double[] totals)
    {
        if (!reader.Read() || !reader.Line.TrimStart((byte)' ').StartsWith("-----"u8) || !reader.Read())
        {
            return false;
        }

        ReadOnlySpan<byte> text = reader.Line.TrimStart((byte)' ');
        // Some versions print the sum with two decimals.
        int decimals = FixedDecimals.CountDecimals(text);
        if (!text.StartsWith("tot"u8) || decimals is < 1 or > 6 || !LastColumn(text[3..], decimals, out double sum))
        {
            return false;
        }

        double expected = 0;
        foreach (double total in totals)
        {
            expected += total;
        }

        return Math.Abs(expected - sum) <= 0.0005 * totals.Length + 0.5 * Math.Pow(10, -decimals) + 1e-9;
    }

    private static bool LastColumn(ReadOnlySpan<byte> text, int decimals, out double value)
    {
        value = 0;
        int columns = 0;
        while (FixedDecimals.TryTake(ref text, decimals, out double next))
        {
            value = next;
            columns++;
        }

        return columns >= 2 && FixedDecimals.IsBlank(text);
    }
}
