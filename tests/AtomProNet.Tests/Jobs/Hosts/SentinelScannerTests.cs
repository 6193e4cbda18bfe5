using System.Text;
using AtomProNet.Jobs.Hosts;

namespace AtomProNet.Tests.Jobs.Hosts;

public sealed class SentinelScannerTests
{
    [Theory]
    [InlineData("banner\nmore", "payload", "", "7")]
    [InlineData("", "", "", "0")]
    [InlineData("\n\n<<\n", "\n<<\n\n>>>\n\n>", "logout\n", "255")]
    [InlineData("no line break at the end", "two\nlines\n", "\n>> 9\n", "1")]
    [InlineData("\n<\n<<", "\n\n\n", "x", "12")]
    public void What_lies_between_comes_out_whatever_the_pieces(string before, string inner, string after, string code)
    {
        byte[] bytes = Encoding.UTF8.GetBytes($"{before}\n<begin>\n{inner}\n<end> {code}\n{after}");
        for (int size = 1; size <= bytes.Length; size++)
        {
            var scanner = new SentinelScanner("<begin>", "<end>");
            var outside = new StringBuilder();
            using var found = new MemoryStream();
            for (int i = 0; i < bytes.Length; i += size)
            {
                found.Write(scanner.Take(bytes.AsSpan(i, Math.Min(size, bytes.Length - i)), outside).Span);
            }

            Assert.True(scanner.HasEnded);
            Assert.Equal(inner, Encoding.UTF8.GetString(found.ToArray()));
            Assert.Equal(code, scanner.EndText);
            Assert.Equal(before, outside.ToString());
        }
    }

    [Fact]
    public void A_stream_that_ends_early_gives_what_came()
    {
        byte[] bytes = Encoding.UTF8.GetBytes("x\n<begin>\npayload\n<en");
        for (int size = 1; size <= bytes.Length; size++)
        {
            var scanner = new SentinelScanner("<begin>", "<end>");
            using var found = new MemoryStream();
            for (int i = 0; i < bytes.Length; i += size)
            {
                found.Write(scanner.Take(bytes.AsSpan(i, Math.Min(size, bytes.Length - i)), null).Span);
            }

            found.Write(scanner.Rest(null).Span);
            Assert.False(scanner.HasEnded);
            Assert.Equal("payload\n<en", Encoding.UTF8.GetString(found.ToArray()));
        }
    }
}
