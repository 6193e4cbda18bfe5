using System.Text;
using System.Text.Json;
using AtomProNet.Cli.Printing;
using AtomProNet.Structures;

namespace AtomProNet.Tests.Cli;

public class PrintingTests
{
    public enum Shade
    {
        Dark,
    }

    public sealed record Row(string Name, double Value, int? Count, Shade Shade);

    public sealed record Wide(int A, int B, int C, int D, int E, int F, int G, int LongName);

    [Fact]
    public void Json_keeps_every_number()
    {
        double[] numbers = [0.1, 1.0 / 3, -1e-300, 5e-324, 12345678901234567, -0.0, double.MaxValue];
        var back = JsonSerializer.Deserialize<double[]>(Json(numbers))!;
        Assert.Equal(numbers.Select(BitConverter.DoubleToInt64Bits), back.Select(BitConverter.DoubleToInt64Bits));
    }

    [Fact]
    public void Json_has_one_line_an_object()
    {
        var text = Json(new Row("a\nb", double.NaN, null, Shade.Dark));
        Assert.Equal("""{"Name":"a\nb","Value":"NaN","Count":null,"Shade":"Dark"}""", text);
    }

    [Fact]
    public void Json_of_a_structure_has_numbers()
    {
        var silicon = new Structure(Lattice.Cubic(5.43), [Element.FromSymbol("Si"), Element.FromSymbol("O")], [new(0, 0, 0), new(0.25, 0.5, 0.125)], CoordinateKind.Fractional, name: "x");
        using var json = JsonDocument.Parse(Json(silicon));
        var root = json.RootElement;
        Assert.Equal(5.43, root.GetProperty("Lattice")[2][2].GetDouble());
        Assert.Equal("Si", root.GetProperty("Species")[0].GetString());
        Assert.Equal(0.125, root.GetProperty("FractionalPositions")[1][2].GetDouble());
        Assert.Equal("x", root.GetProperty("Name").GetString());
    }

    [Fact]
    public void A_table_has_headings_and_aligned_numbers()
    {
        var text = Print(80, new Row("first", 1.5, 3, Shade.Dark), new Row("b", -20, null, Shade.Dark));
        Assert.Equal("""
            Name  Value Count Shade
            ----  ----- ----- -----
            first   1.5     3 Dark
            b       -20       Dark

            """, text, ignoreLineEndingDifferences: true);
    }

    [Fact]
    public void Many_properties_become_a_list()
    {
        var text = Print(80, new Wide(1, 2, 3, 4, 5, 6, 7, 8));
        Assert.StartsWith("A        : 1\n", text, StringComparison.Ordinal);
        Assert.EndsWith("LongName : 8\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_fits_the_terminal()
    {
        var text = Print(40, new Row(new string('x', 100), 1, 2, Shade.Dark));
        Assert.All(text.Split('\n'), line => Assert.InRange(line.Length, 0, 40));
        Assert.Contains('…', text);
    }

    [Fact]
    public void Simple_values_are_printed_as_they_are() => Assert.Equal("1\n0.5\ntext\n", Print(80, 1, 0.5, "text", null));

    [Fact]
    public void A_long_output_goes_on_with_the_first_widths()
    {
        var rows = Enumerable.Range(0, 500).Select(i => (object)new Row($"n{i}", i, i, Shade.Dark)).ToArray();
        Assert.Equal(502, Print(80, rows).TrimEnd('\n').Split('\n').Length);
    }

    [Fact]
    public void A_structure_is_shown_by_the_modules_own_view()
    {
        var structure = new Structure(Lattice.Cubic(2), [Element.FromSymbol("Po")], [new(0, 0, 0)], CoordinateKind.Fractional, name: "polonium");
        var text = Print(80, structure);
        Assert.Contains("Volume/A3", text, StringComparison.Ordinal);
        Assert.Contains("8.000", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1.23456, 3, "1.235")]
    [InlineData(-0.0001, 2, "0.00")]
    [InlineData(-0.01, 2, "-0.01")]
    [InlineData(null, 2, "")]
    public void Views_show_numbers_by_the_invariant_culture(double? value, int decimals, string expected) =>
        Assert.Equal(expected, AtomProNet.PS.Hosting.ViewText.Fixed(value, decimals));

    [Fact]
    public void A_molecule_has_no_fractional_positions_and_a_matrix_has_rows()
    {
        var molecule = new Structure(null, [Element.FromSymbol("H")], [new(1, 2, 3)], CoordinateKind.Cartesian);
        Assert.Contains("\"FractionalPositions\":null", Json(molecule), StringComparison.Ordinal);
        Assert.Equal("[[1,2],[3,4]]", Json(new long[,] { { 1, 2 }, { 3, 4 } }));
    }

    private static string Json(object value)
    {
        using var stream = new MemoryStream();
        JsonLines.Write(value, stream);
        var text = Encoding.UTF8.GetString(stream.ToArray());
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        Assert.Equal(1, text.Count(c => c == '\n'));
        return text.TrimEnd('\n');
    }

    private static string Print(int width, params object?[] values)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        var printer = new TextPrinter(writer, ViewCatalogue.ReadOwn(), width);
        foreach (var value in values)
        {
            printer.Print(value);
        }

        printer.EndTable();
        return writer.ToString();
    }
}
