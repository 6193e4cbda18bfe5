namespace AtomProNet.Formats;

/// <summary>
/// Recognises a number that lost its last digits because the file was cut in the middle of it. A file whose last line has no
/// end may be whole (many editors and scripts leave the line end out) or cut; a cut number is still a number, but a wrong one.
/// </summary>
internal static class CutNumber
{
    // People write few decimals and leave zeros out; programs write many, and about as many in every column.
    private const int DecimalsOfPrograms = 6;

    /// <summary>How many digits stand behind the point.</summary>
    public static int CountDecimals(ReadOnlySpan<byte> number)
    {
        int point = number.IndexOf((byte)'.');
        if (point < 0)
        {
            return 0;
        }

        int end = number[(point + 1)..].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return end < 0 ? number.Length - point - 1 : end;
    }

    /// <summary>Whether the last number of a file without a final line end looks cut.</summary>
    /// <param name="last">The digits of that number.</param>
    /// <param name="decimalsElsewhere">The largest number of decimals among the other numbers of the same kind.</param>
    public static bool IsSuspected(ReadOnlySpan<byte> last, int decimalsElsewhere)
    {
        int exponent = last.IndexOfAny("eEdD"u8);
        if (exponent >= 0)
        {
            // Programs write two digits at least: one digit is half of an exponent.
            return last[(exponent + 1)..].TrimStart("+-"u8).Length < 2;
        }

        return decimalsElsewhere >= DecimalsOfPrograms && CountDecimals(last) < decimalsElsewhere;
    }
}
