using System.Globalization;
using System.Runtime.Intrinsics;
using System.Text;
using AtomProNet.Text;

namespace AtomProNet.Tests.Text;

/// <summary>Whole rows of numbers against the framework's reading of each field.</summary>
public class DecimalRowTests
{
    private static readonly int Count = Environment.GetEnvironmentVariable("ATOMPRONET_TEST") == "soak" ? 10_000_000 : 50_000;

    [Theory]
    [InlineData("Al 0.5 -1.25 100.0", 2, new[] { 0.5, -1.25, 100.0 })]
    [InlineData("H\t1.0\t \t2.0  3.5  ", 1, new[] { 1.0, 2.0, 3.5 })]
    [InlineData("Cu -12345678.1234567890 0.0000000000000001 -0.0", 2, new[] { -12345678.123456789, 1e-16, -0.0 })]
    [InlineData("O        3.07362242     117.12056104     -92.51850069", 1, new[] { 3.07362242, 117.12056104, -92.51850069 })]
    // Digits beyond 2⁵³, and more than a word holds.
    [InlineData("O 9007.199254740993 1234.5678901234567890 0.1", 1, new[] { 9007.199254740993, 1234.567890123456789, 0.1 }, false)]
    [InlineData("O 9007.1992547409931 12.3456789012345678 0.1", 1, new[] { 9007.1992547409931, 12.3456789012345678, 0.1 })]
    public void Reads_plain_rows(string line, int word, double[] expected, bool isPlain = true)
    {
        Assert.SkipUnless(Vector256.IsHardwareAccelerated, "This processor has no vectors of 32 bytes: rows are read value by value.");
        double[] values = new double[expected.Length];
        Assert.Equal(isPlain ? word : 0, Read(line, values));
        if (isPlain)
        {
            Assert.Equal(expected.Select(BitConverter.DoubleToInt64Bits), values.Select(BitConverter.DoubleToInt64Bits));
        }
    }

    [Theory]
    [InlineData("Al 0.5 -1.25")]
    [InlineData("Al 0.5 -1.25 1.0 2.0")]
    [InlineData(" Al 0.5 -1.25 1.0")]
    [InlineData("Al 0.5 -1.25 1")]
    [InlineData("Al 0.5 -1.25 1.")]
    [InlineData("Al 0.5 -1.25 .1")]
    [InlineData("Al 0.5 -1.25 +1.0")]
    [InlineData("Al 0.5 -1.25 --1.0")]
    [InlineData("Al 0.5 -1.25 1.0e5")]
    [InlineData("Al 0.5 -1.25 1.0.0")]
    [InlineData("Al 0.5-1.25 1.0 2")]
    [InlineData("Al 0.5 -1.25 nan")]
    [InlineData("Al 0.5 -1.25 ****")]
    [InlineData("A.l 0.5 -1.25 10")]
    [InlineData("Al 0.5 -1.25 1.0\r")]
    [InlineData("Al 0.5 -1.25 1.0\0")]
    [InlineData("Al 0.5 -1.25 1:0.")]
    [InlineData("Al 0.5 -1.25 1/.0")]
    [InlineData("")]
    public void Leaves_all_others_alone(string line) => Assert.Equal(0, Read(line, new double[3]));

    [Fact]
    public void Random_rows_are_what_the_framework_reads()
    {
        var random = new Random(5);
        double[] values = new double[6];
        int plain = 0;
        for (int n = 0; n < Count; n++)
        {
            StringBuilder text = new(random.Next(2) == 0 ? "C" : "Zr");
            for (int i = 0; i < values.Length; i++)
            {
                double number = (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-3, 7));
                text.Append(' ', random.Next(1, 4)).Append(number.ToString("F" + random.Next(1, 13), CultureInfo.InvariantCulture));
            }

            // Every other one is damaged in one place.
            bool damaged = n % 2 == 1;
            if (damaged)
            {
                text[random.Next(text.Length)] = "0123456789.- \te+x\0:/"[random.Next(20)];
            }

            string line = text.ToString();
            string[] fields = line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            int word = Read(line, values);
            if (word > 0)
            {
                plain++;
                Assert.Equal(values.Length + 1, fields.Length);
                Assert.Equal(fields[0], line[..word]);
                Assert.All(values, (value, i) => Assert.True(BitConverter.DoubleToInt64Bits(double.Parse(fields[i + 1], NumberStyles.Float, CultureInfo.InvariantCulture)) == BitConverter.DoubleToInt64Bits(value), line));
            }
            else if (!damaged && line.Length <= 128 && Vector256.IsHardwareAccelerated)
            {
                Assert.Fail($"'{line}' is as plain as any.");
            }
        }

        Assert.True(plain > Count / 2 || !Vector256.IsHardwareAccelerated);
    }

    // Behind the line stands what a file might hold there: more digits, which are none of its own.
    private static int Read(string line, double[] values)
    {
        byte[] buffer = Encoding.ASCII.GetBytes(line + "\n" + string.Concat(Enumerable.Repeat("7.7 ", 50)));
        return DecimalRow.TryRead(buffer.AsSpan(0, line.Length), buffer.Length, values);
    }
}
