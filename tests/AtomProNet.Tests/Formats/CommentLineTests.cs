using System.Text;
using AtomProNet.Formats.ExtendedXyz;

namespace AtomProNet.Tests.Formats;

/// <summary>The cases of the specification's own list of key=value tests (libAtoms/extxyz, kv_tests.md), and what ASE writes.</summary>
public class CommentLineTests
{
    [Theory]
    [InlineData("12", 12L)]
    [InlineData("+12", 12L)]
    [InlineData("-012", -12L)]
    [InlineData("12.0", 12.0)]
    [InlineData("-00.12", -0.12)]
    [InlineData("12e0", 12.0)]
    [InlineData("12d0", 12.0)]
    [InlineData("0.12D-12", 0.12e-12)]
    [InlineData("+12.0E+12", 12e12)]
    [InlineData(".5", 0.5)]
    [InlineData("5.", 5.0)]
    [InlineData("123456789012345678901234567890", 123456789012345678901234567890.0)]
    [InlineData("T", true)]
    [InlineData("true", true)]
    [InlineData("True", true)]
    [InlineData("TRUE", true)]
    [InlineData("F", false)]
    [InlineData("FALSE", false)]
    [InlineData("TRuE", "TRuE")]
    [InlineData("1.3k7", "1.3k7")]
    [InlineData("abc", "abc")]
    [InlineData("a/b:c-d+e.f_g!@#$%^&*()|;'<>?`~", "a/b:c-d+e.f_g!@#$%^&*()|;'<>?`~")]
    [InlineData("\"two words\"", "two words")]
    [InlineData("\"line one\\nline two\"", "line one\nline two")]
    [InlineData("\"abc\\\"def\"", "abc\"def")]
    [InlineData("\"abc\\\\def\"", "abc\\def")]
    [InlineData("\"= , [ ] { }\"", "= , [ ] { }")]
    [InlineData("\"\"", "")]
    [InlineData("\"12\"", 12L)]
    [InlineData("\"\\12\"", "12")]
    [InlineData("{12.5}", 12.5)]
    [InlineData("{word}", "word")]
    [InlineData("'two words'", "two words")]
    public void Reads_scalars(string text, object expected) => Assert.Equal(expected, Value(text));

    [Fact]
    public void Reads_arrays_old_and_new()
    {
        Assert.Equal(new long[] { 1, 2, 3 }, Value("\"1 2 3\""));
        Assert.Equal(new double[] { 1, 2, 3 }, Value("\"1 2.0 3\""));
        Assert.Equal(new[] { true, false, true, false }, Value("\"T F True FALSE\""));
        Assert.Equal(new long[] { 1, 2, 3 }, Value("{1 2 3}"));
        Assert.Equal(new[] { "a", "b c", "1" }, Value("{a \"b c\" 1}"));
        Assert.Equal(new long[] { 1, 2 }, Value("[1, 2]"));
        Assert.Equal(new long[] { 1 }, Value("[1]"));
        Assert.Equal(new[] { 1.5 }, Value("[ 1.5 ]"));
        Assert.Equal(new[] { "a", "b" }, Value("[ \"a\", \"b\" ]"));
        Assert.Equal(new[] { "a", "b", "c" }, Value("[a, \"b\",c]"));
        Assert.Equal(new[] { "a, b", "c]" }, Value("[ \"a, b\", \"c]\" ]"));
        Assert.Equal(new[] { "T", "F", "bob" }, Value("[ T, F, bob ]"));
        Assert.Equal(new[] { true, false }, Value("[T,F]"));
        Assert.Equal(new[] { "1", "2" }, Value("[\"1\", \"2\"]"));
        Assert.Equal(new long[,] { { 1, 2 }, { 3, 4 } }, Value("[[1, 2], [3, 4]]"));
        Assert.Equal(new[,] { { 1.0, 2.0 }, { 3.5, 4.0 } }, Value("[[1,2],[3.5,4]]"));
        Assert.Equal(new[,] { { "T", "F" }, { "a", "b" } }, Value("[[T, F], [a, b]]"));
        Assert.Equal(new long[,] { { 1, 2 } }, Value("[ [1, 2] ]"));
    }

    [Fact]
    public void Takes_blanks_around_the_equals_sign_and_quoted_keys()
    {
        CommentEntry[] entries = Read("a = 1\tb=  \"x y\"  \"odd key=\"=2 flag c=3");
        Assert.Equal(["a", "b", "odd key=", "flag", "c"], entries.Select(e => e.Key));
        Assert.Equal([1L, "x y", 2L, true, 3L], entries.Select(e => e.Value));
        Assert.Equal("x=y", Assert.Single(Read("a=x=y")).Value);
        Assert.Equal(new long[] { 1, 2 }, Assert.Single(Read("a=1,2")).Value);
    }

    [Theory]
    [InlineData("a=")]
    [InlineData("=1")]
    [InlineData("a=\"open")]
    [InlineData("a=\"open\\\"")]
    [InlineData("a=[1, 2")]
    [InlineData("a=[[1, 2], [3]]")]
    [InlineData("a=[[1, 2], [3, 4]")]
    [InlineData("a=[]")]
    [InlineData("a={}")]
    [InlineData("a=[1,,2]")]
    [InlineData("a=[1,2,]")]
    [InlineData("a=\"x\"y")]
    [InlineData("a=x\"y\"")]
    [InlineData("a= b=2")]
    [InlineData("a=[x=y]")]
    public void Refuses_what_is_no_pair(string text)
    {
        var e = Assert.Throws<AtomProNetException>(() => Read(text));
        Assert.Equal("ExtendedXyzCommentLine", e.ErrorId);
        Assert.Equal(7, e.Line);
    }

    [Theory]
    [InlineData("Properties=species", true)]
    [InlineData("a=1 Properties = x", true)]
    [InlineData("Properties of water", false)]
    [InlineData("myProperties=1", false)]
    [InlineData("see Properties", false)]
    public void Tells_a_key_from_a_word(string text, bool expected) =>
        Assert.Equal(expected, CommentLine.Mentions(Encoding.UTF8.GetBytes(text), "Properties"u8));

    private static object Value(string text) => Assert.Single(Read("key=" + text)).Value;

    private static CommentEntry[] Read(string text)
    {
        var line = new CommentLine(Encoding.UTF8.GetBytes(text), "file", 7);
        var entries = new List<CommentEntry>();
        while (line.TryRead(out CommentEntry entry))
        {
            entries.Add(entry);
        }

        return [.. entries];
    }
}
