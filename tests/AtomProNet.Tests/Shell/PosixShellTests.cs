using System.Diagnostics;
using System.Text;
using AtomProNet.Shell;

namespace AtomProNet.Tests.Shell;

public sealed class PosixShellTests
{
    private static readonly string[] Hostile =
    [
        "", " ", "a b", "'", "''", "'\\''", "\\", "\\'", "\"", "$HOME", "${HOME}", "$(touch /tmp/owned)", "`id`", "a;b", "a&b", "a|b", "a>b", "a<b", "*", "?", "[a-z]",
        "~", "~root", "#", "!", "!!", "a!b", "{a,b}", "(a)", "\n", "a\nb\n", "\r\n", "\t", "-", "--", "-n", "-rf", "a=1", "PATH=", "%s", "\u0001\u0007\u001b[31m", "é", "Å³", "中文", "😀",
        "\u2028", "\u00a0", "$'\\n'", "$\"x\"", "^a", "a\\", "'; rm -rf / #", "$((1+1))", "!", "if", "done", "\u007f", new('x', 5000),
    ];

    [Theory]
    [InlineData("vasp_std", "vasp_std")]
    [InlineData("/opt/vasp/6.4/bin", "/opt/vasp/6.4/bin")]
    [InlineData("", "''")]
    [InlineData("a b", "'a b'")]
    [InlineData("it's", "'it'\\''s'")]
    [InlineData("a=1", "'a=1'")]
    [InlineData("-n", "'-n'")]
    [InlineData("strain_+0.0100", "strain_+0.0100")]
    public void The_form_is_known(string text, string quoted) => Assert.Equal(quoted, PosixShell.Quote(text));

    [Fact]
    public void The_shell_gets_what_was_meant()
    {
        var words = new List<string>(Hostile);
        var random = new Random(20);
        const string Alphabet = "ab'\"\\$`!*?[]{}()<>|&;#~= \t\n\r%^-+,.:/@_éÅ中\u0001\u001b\u00a0";
        for (int i = 0; i < 3000; i++)
        {
            words.Add(string.Concat(Enumerable.Range(0, random.Next(1, 20)).Select(_ => Alphabet[random.Next(Alphabet.Length)])));
        }

        Assert.Equal(words, Echoed(words, "/bin/sh"));
        if (File.Exists("/bin/bash"))
        {
            Assert.Equal(words, Echoed(words, "/bin/bash"));
        }
    }

    [Fact]
    public void A_quoted_word_is_no_assignment_keyword_or_comment()
    {
        // Unquoted, each of these would change what the line does.
        Assert.Equal(["a=1", "if", "#x", "~"], Echoed(["a=1", "if", "#x", "~"], "/bin/sh"));
    }

    [Theory]
    [InlineData("a\r\nb")]
    [InlineData("'\r\n'\r\r\n\n")]
    public void No_script_gets_a_DOS_line_break_which_sbatch_refuses(string text)
    {
        // Also where what was quoted is quoted once more.
        string once = PosixShell.Quote(text);
        Assert.DoesNotContain("\r\n", once, StringComparison.Ordinal);
        Assert.DoesNotContain("\r\n", PosixShell.Quote("echo " + once), StringComparison.Ordinal);
        Assert.Equal([text], Echoed([text], "/bin/sh"));
    }

    [Fact]
    public void What_no_command_can_be_given_is_refused()
    {
        Assert.Equal("ShellTextHoldsNul", Assert.Throws<AtomProNetException>(() => PosixShell.Quote("a\0b")).ErrorId);
        Assert.Equal("ShellTextNotUnicode", Assert.Throws<AtomProNetException>(() => PosixShell.Quote("a\ud800")).ErrorId);
        Assert.Equal("ShellTextNotUnicode", Assert.Throws<AtomProNetException>(() => PosixShell.Quote("\udc00a")).ErrorId);
    }

    private static List<string> Echoed(List<string> words, string shell)
    {
        Assert.SkipUnless(File.Exists(shell), $"{shell} is not there");
        var start = new ProcessStartInfo(shell) { RedirectStandardInput = true, RedirectStandardOutput = true, StandardInputEncoding = new UTF8Encoding(false), StandardOutputEncoding = new UTF8Encoding(false) };
        using Process process = Process.Start(start)!;
        Task<string> reading = process.StandardOutput.ReadToEndAsync();
        // One script from standard input: the words also pass through the shell's own reading of lines.
        foreach (string word in words)
        {
            process.StandardInput.Write("printf '%s\\000' " + PosixShell.Quote(word) + "\n");
        }

        process.StandardInput.Close();
        string output = reading.GetAwaiter().GetResult();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return [.. output.Split('\0')[..^1]];
    }
}
