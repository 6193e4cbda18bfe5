using AtomProNet.Text;

namespace AtomProNet.QuantumEspresso.Outputs;

/// <summary>The dates and times of pw.x: <c>22Nov2026 at 10: 7:44</c>, <c>10: 7:48  22Nov2026</c>; local time of the machine.</summary>
internal static class PwTime
{
    private const string Months = "JanFebMarAprMayJunJulAugSepOctNovDec";

    /// <summary>A date and a time in either order; null where there is none.</summary>
    internal static DateTime? Parse(ReadOnlySpan<byte> text)
    {
        Span<int> numbers = stackalloc int[5];
        int count = 0, month = 0, monthAt = -1;
        for (int i = 0; i < text.Length;)
        {
            if (text[i] is >= (byte)'0' and <= (byte)'9')
            {
                int value = 0;
                for (; i < text.Length && text[i] is >= (byte)'0' and <= (byte)'9' && value < 100_000; i++)
                {
                    value = (value * 10) + (text[i] - '0');
                }

                if (count == 5)
                {
                    return null;
                }

                numbers[count++] = value;
            }
            else if (month == 0 && i + 3 <= text.Length && text[i] is >= (byte)'A' and <= (byte)'Z' && Months.IndexOf(Utf8Fields.ToText(text.Slice(i, 3)), StringComparison.Ordinal) is >= 0 and var at && at % 3 == 0)
            {
                month = (at / 3) + 1;
                monthAt = count;
                i += 3;
            }
            else
            {
                i++;
            }
        }

        if (count != 5 || month == 0)
        {
            return null;
        }

        // The month stands behind the day: day, year, then the clock; or the clock first.
        (int day, int year, int clock) = monthAt == 1 ? (numbers[0], numbers[1], 2) : (numbers[3], numbers[4], 0);
        return monthAt is 1 or 4 && year is > 1990 and < 9999 && day >= 1 && day <= DateTime.DaysInMonth(year, month) && numbers[clock] < 24 && numbers[clock + 1] < 60 && numbers[clock + 2] < 60
            ? new DateTime(year, month, day, numbers[clock], numbers[clock + 1], numbers[clock + 2], DateTimeKind.Unspecified)
            : null;
    }
}
