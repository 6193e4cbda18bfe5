using System.Globalization;
using System.Text;
using AtomProNet.Structures;
using AtomProNet.Text;
using AtomProNet.Vasp.Outputs;

namespace AtomProNet.Tests.Vasp.Outputs;

/// <summary>Rows of the table of forces, against double.Parse of their columns.</summary>
public sealed class ForceRowTests
{
    [Fact]
    public void EveryNumberIsTheOneOfItsDigits()
    {
        var random = new Random(3);
        for (int i = 0; i < TestEffort.Of(20_000, 200_000, 10_000_000); i++)
        {
            string line = string.Concat(Enumerable.Range(0, 6).Select(k => (k == 3 ? "   " : "") + Number(random, k < 3 ? 5 : 6)));
            Assert.True(ForceRow.TryRead(Encoding.ASCII.GetBytes(line), mayGoOn: false, out Vector3D r, out Vector3D f), line);
            double[] found = [r.X, r.Y, r.Z, f.X, f.Y, f.Z];
            for (int k = 0; k < 6; k++)
            {
                int at = k < 3 ? 13 * k : 42 + 14 * (k - 3);
                Assert.Equal(double.Parse(line.AsSpan(at, k < 3 ? 13 : 14), NumberStyles.Float, CultureInfo.InvariantCulture), found[k]);
            }
        }
    }

    [Fact]
    public void NoChangedByteIsReadAsAnotherShape()
    {
        var random = new Random(4);
        for (int i = 0; i < TestEffort.Of(50_000, 500_000, 10_000_000); i++)
        {
            byte[] line = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 6).Select(k => (k == 3 ? "   " : "") + Number(random, k < 3 ? 5 : 6))));
            line[random.Next(line.Length)] = (byte)random.Next(256);
            if (!ForceRow.TryRead(line, mayGoOn: false, out Vector3D r, out Vector3D f))
            {
                continue;
            }

            // What is read is what stands there: six numbers with five and six decimals.
            string text = Encoding.Latin1.GetString(line);
            string[] words = text.Replace("-", " -", StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries);
            Assert.True(words.Length == 6, text);
            double[] found = [r.X, r.Y, r.Z, f.X, f.Y, f.Z];
            for (int k = 0; k < 6; k++)
            {
                Assert.Matches(k < 3 ? @"^-?\d+\.\d{5}$" : @"^-?\d+\.\d{6}$", words[k]);
                Assert.Equal(double.Parse(words[k], NumberStyles.Float, CultureInfo.InvariantCulture), found[k]);
            }
        }
    }

    [Theory]
    [InlineData("      1.21211      0.15511      2.73888         0.000013      0.000688     -0.000694", true)]
    [InlineData("     -0.00001 -12345.12345 123456.00000    -99999.999999 123456.000000     -0.000000", true)]
    [InlineData("1.21211 0.15511 2.73888 0.000013 0.000688 -0.000694", true)]
    [InlineData("1.21211-0.15511-2.73888 0.000013-0.000688-0.000694", true)]
    [InlineData("      1.21211      0.15511      2.73888         0.000013      0.000688     -0.00069", false)]
    [InlineData("      1.21211      0.15511      2.73888         0.000013      0.000688     -0.0006944", false)]
    [InlineData("      1.21211      0.15511      2.73888         0.000013      0.000688", false)]
    [InlineData("      1.21211      0.15511      2.73888         0.000013      0.000688     **********", false)]
    [InlineData("      1.21211       .15511      2.73888         0.000013      0.000688     -0.000694", false)]
    [InlineData("      1.21211      0.15511      2.73888         0.000013      0.000688     -0.000694 1", false)]
    [InlineData("      1.21211      0.15511      2.73888         0.000013      0.000688    - 0.000694", false)]
    [InlineData("      1.21211      0.1551e      2.73888         0.000013      0.000688     -0.000694", false)]
    public void Rows(string line, bool isRow) => Assert.Equal(isRow, ForceRow.TryRead(Encoding.ASCII.GetBytes(line), mayGoOn: false, out _, out _));

    [Theory]
    [InlineData("0.123456789-0.456000000", 9, "0.123456789 -0.456")]
    [InlineData("  104.000000000100.500000000", 9, "104 100.5")]
    [InlineData("   -0.000000000  1.000000000", 9, "0 1")]
    [InlineData("9007199254740993.5 1.0", 1, "9007199254740994 1")]
    public void TouchingColumns(string text, int decimals, string expected)
    {
        var values = new double[2];
        ReadOnlySpan<byte> rest = Encoding.ASCII.GetBytes(text);
        Assert.True(FixedDecimals.TryTake(ref rest, decimals, values));
        Assert.Equal(expected, string.Join(' ', values.Select(v => v.ToString("R", CultureInfo.InvariantCulture))));
    }

    [Theory]
    [InlineData("1.2345", 5)]
    [InlineData("1.234567", 5)]
    [InlineData("1.23456e5", 5)]
    [InlineData("0.1E-15", 5)]
    [InlineData(".12345", 5)]
    [InlineData("-.12345", 5)]
    [InlineData("--1.12345", 5)]
    [InlineData("+1.12345", 5)]
    [InlineData("*****", 5)]
    [InlineData("NaN", 5)]
    [InlineData("", 5)]
    public void WhatIsNoSuchNumber(string text, int decimals)
    {
        ReadOnlySpan<byte> rest = Encoding.ASCII.GetBytes(text);
        Assert.False(FixedDecimals.TryTake(ref rest, decimals, new double[2]));
    }

    private static string Number(Random random, int decimals)
    {
        double size = Math.Pow(10, random.Next(-decimals, 6));
        return SyntheticOutcar.F((random.NextDouble() * 2 - 1) * size * 0.99, decimals + 8, decimals);
    }
}
