using System.Globalization;
using System.Text;
using AtomProNet.Text;

namespace AtomProNet.Tests.Text;

/// <summary>Reading and writing doubles against the framework's own, which is exact.</summary>
public class Utf8NumberTests
{
    private static readonly int Count = Environment.GetEnvironmentVariable("ATOMPRONET_TEST") == "soak" ? 100_000_000 : 100_000;

    [Theory]
    [InlineData("0", 0.0)]
    [InlineData("-0", -0.0)]
    [InlineData("+1.5", 1.5)]
    [InlineData(".5", 0.5)]
    [InlineData("5.", 5.0)]
    [InlineData("1e5", 1e5)]
    [InlineData("1D-3", 1e-3)]
    [InlineData("1.7976931348623157e308", double.MaxValue)]
    [InlineData("4.9406564584124654e-324", double.Epsilon)]
    [InlineData("2.4703282292062327e-324", 0.0)]
    [InlineData("2.4703282292062328e-324", double.Epsilon)]
    [InlineData("2.2250738585072011e-308", 2.2250738585072011e-308)]
    [InlineData("9007199254740993", 9007199254740992.0)]
    [InlineData("9007199254740993.00000000000000000000000000001", 9007199254740994.0)]
    [InlineData("9007199254740995", 9007199254740996.0)]
    [InlineData("0.000000000000000000000000000001234567890123456789012345", 1.234567890123456789012345e-30)]
    [InlineData("123456789012345678901234567890", 123456789012345678901234567890.0)]
    [InlineData("100000000000000000000000000000000000000000000000000", 1e50)]
    [InlineData("1e-400", 0.0)]
    [InlineData("0e999999999", 0.0)]
    public void Reads_the_nearest_double(string text, double expected)
    {
        Assert.True(Utf8Number.TryParseDouble(Encoding.ASCII.GetBytes(text), out double value));
        Assert.Equal(BitConverter.DoubleToInt64Bits(expected), BitConverter.DoubleToInt64Bits(value));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData(".")]
    [InlineData("e5")]
    [InlineData("1e")]
    [InlineData("1e+")]
    [InlineData("1 ")]
    [InlineData(" 1")]
    [InlineData("1.2.3")]
    [InlineData("--1")]
    [InlineData("nan")]
    [InlineData("inf")]
    [InlineData("****")]
    [InlineData("1,5")]
    [InlineData("0x10")]
    [InlineData("1e309")]
    [InlineData("1.7976931348623159e308")]
    public void Reads_nothing_else(string text) => Assert.False(Utf8Number.TryParseDouble(Encoding.ASCII.GetBytes(text), out _));

    [Theory]
    [InlineData("0.123-0.456", 0.123, 5)]
    [InlineData("1e5x", 1e5, 3)]
    [InlineData("1ex", 1.0, 1)]
    [InlineData("12 34", 12.0, 2)]
    [InlineData("0.1E-15 2", 0.1e-15, 7)]
    public void Tells_where_a_number_ends(string text, double expected, int length)
    {
        Assert.True(Utf8Number.TryParseDouble(Encoding.ASCII.GetBytes(text), out double value, out int consumed));
        Assert.Equal(expected, value);
        Assert.Equal(length, consumed);
    }

    [Fact]
    public void Reads_random_digits_as_the_framework_does()
    {
        var random = new Random(1);
        Span<byte> text = stackalloc byte[64];
        for (int n = 0; n < Count; n++)
        {
            int length = AnyNumber(random, text);
            double expected = double.Parse(text[..length], NumberStyles.Float, CultureInfo.InvariantCulture);
            bool read = Utf8Number.TryParseDouble(text[..length], out double value);
            if (read != double.IsFinite(expected) || (read && BitConverter.DoubleToInt64Bits(expected) != BitConverter.DoubleToInt64Bits(value)))
            {
                Assert.Fail($"{Encoding.ASCII.GetString(text[..length])}: {value:R}, not {expected:R}");
            }
        }
    }

    [Fact]
    public void Writes_what_reads_back_and_as_short_as_the_framework()
    {
        var random = new Random(2);
        Span<byte> ours = stackalloc byte[32], theirs = stackalloc byte[32];
        for (int n = 0; n < Count; n++)
        {
            double value = AnyDouble(random, n);
            if (!double.IsFinite(value))
            {
                continue;
            }

            int length = Utf8Number.Format(value, ours);
            value.TryFormat(theirs, out int expected, "R", CultureInfo.InvariantCulture);
            double back = double.Parse(ours[..length], NumberStyles.Float, CultureInfo.InvariantCulture);
            // For some powers of two the framework's shortest digits do not read back (2^-958 on .NET 10): those prove nothing.
            bool comparable = double.Parse(theirs[..expected], NumberStyles.Float, CultureInfo.InvariantCulture) == value;
            if (BitConverter.DoubleToInt64Bits(back) != BitConverter.DoubleToInt64Bits(value) || (comparable && !Digits(ours[..length]).SequenceEqual(Digits(theirs[..expected]))))
            {
                Assert.Fail($"{Encoding.ASCII.GetString(ours[..length])}, not {Encoding.ASCII.GetString(theirs[..expected])}");
            }
        }
    }

    [Theory]
    [InlineData(0.0, "0", "0.0")]
    [InlineData(-0.0, "-0", "-0.0")]
    [InlineData(1.0, "1", "1.0")]
    [InlineData(-250.0, "-250", "-250.0")]
    [InlineData(0.1, "0.1", "0.1")]
    [InlineData(1e-4, "0.0001", "0.0001")]
    [InlineData(0.00010001, "0.00010001", "0.00010001")]
    [InlineData(0.000123456, "0.000123456", "0.000123456")]
    [InlineData(-7.00000001, "-7.00000001", "-7.00000001")]
    [InlineData(7.000000010000001, "7.000000010000001", "7.000000010000001")]
    [InlineData(9999999.99999999, "9999999.99999999", "9999999.99999999")]
    [InlineData(9999999.999999998, "9999999.999999998", "9999999.999999998")]
    [InlineData(10000000.25, "10000000.25", "10000000.25")]
    [InlineData(1e-5, "1E-05", "1E-05")]
    [InlineData(123456789012345.0, "123456789012345", "123456789012345.0")]
    [InlineData(1234567890123456.0, "1.234567890123456E+15", "1.234567890123456E+15")]
    [InlineData(1e15, "1E+15", "1E+15")]
    [InlineData(1e100, "1E+100", "1E+100")]
    [InlineData(double.MaxValue, "1.7976931348623157E+308", "1.7976931348623157E+308")]
    [InlineData(-2.2250738585072014E-308, "-2.2250738585072014E-308", "-2.2250738585072014E-308")]
    [InlineData(double.Epsilon, "5E-324", "5E-324")]
    [InlineData(4.1045368012983762E-289, "4.1045368012983762E-289", "4.1045368012983762E-289")]
    [InlineData(9007199254740993.0, "9.007199254740992E+15", "9.007199254740992E+15")]
    [InlineData(double.NaN, "NaN", "NaN")]
    public void Writes_in_one_layout_on_every_machine(double value, string expected, string real)
    {
        Span<byte> buffer = stackalloc byte[26];
        Assert.Equal(expected, Encoding.ASCII.GetString(buffer[..Utf8Number.Format(value, buffer)]));
        Assert.Equal(real, Encoding.ASCII.GetString(buffer[..Utf8Number.FormatReal(value, buffer)]));
        // Into a buffer of the very size, and into one that is too short.
        Assert.Equal(real.Length, Utf8Number.FormatReal(value, buffer[..real.Length]));
        Assert.Equal(0, Utf8Number.FormatReal(value, buffer[..(real.Length - 1)]));
    }

    // The significant digits; where the framework puts the point or begins to write exponents differs between its versions.
    private static byte[] Digits(ReadOnlySpan<byte> text)
    {
        int exponent = text.IndexOf((byte)'E');
        string digits = Encoding.ASCII.GetString(exponent < 0 ? text : text[..exponent]);
        return Encoding.ASCII.GetBytes(digits.Replace(".", "", StringComparison.Ordinal).Trim('-', '0').TrimEnd('0'));
    }

    private static int AnyNumber(Random random, Span<byte> text)
    {
        int length = 0;
        if (random.Next(3) == 0)
        {
            text[length++] = (byte)'-';
        }

        // Half of them are what files hold: a few digits before the point and up to 17 behind it.
        bool usual = random.Next(2) == 0;
        int whole = random.Next(usual ? 4 : 22), fraction = random.Next(usual ? 18 : 26);
        for (int i = 0; i < Math.Max(1, whole); i++)
        {
            text[length++] = (byte)('0' + random.Next(10));
        }

        if (fraction > 0)
        {
            text[length++] = (byte)'.';
            int zeros = random.Next(6) == 0 ? random.Next(fraction) : 0;
            for (int i = 0; i < fraction; i++)
            {
                text[length++] = i < zeros ? (byte)'0' : (byte)('0' + random.Next(10));
            }
        }

        if (random.Next(usual ? 10 : 2) == 0)
        {
            text[length++] = (byte)'e';
            random.Next(-340, 320).TryFormat(text[length..], out int written, default, CultureInfo.InvariantCulture);
            length += written;
        }

        return length;
    }

    private static double AnyDouble(Random random, int n) => (n % 7) switch
    {
        0 => BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue)),
        1 => Math.Round(random.NextDouble() * 100 - 50, random.Next(15)),
        2 => Math.ScaleB(1, random.Next(-1074, 1024)),
        3 => Math.Pow(10, random.Next(-300, 300)) * random.Next(1, 1000),
        // What programs print, to up to nine decimals, and the doubles next to it.
        4 => Printed(random),
        5 => random.Next(2) == 0 ? Math.BitIncrement(Printed(random)) : Math.BitDecrement(Printed(random)),
        _ => random.NextDouble() * 20 - 10,
    };

    private static double Printed(Random random) => Math.Round((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-4, 9)), random.Next(10));
}
