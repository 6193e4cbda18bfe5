using AtomProNet.Jobs.Hosts;

namespace AtomProNet.Tests.Jobs.Hosts;

/// <summary>The text of the configuration, also for the clients of Windows.</summary>
public sealed class OpenSshConfigTests
{
    [Theory]
    [InlineData("OpenSSH_for_Windows_8.1p1, LibreSSL 3.0.2", false)]
    [InlineData("OpenSSH_for_Windows_8.6p1, LibreSSL 3.4.3", false)]
    [InlineData("OpenSSH_for_Windows_9.5p1, LibreSSL 3.8.2", true)]
    [InlineData("OpenSSH_8.0p1, OpenSSL 1.1.1k  FIPS 25 Mar 2021", false)]
    [InlineData("OpenSSH_8.7p1, OpenSSL 3.0.7 1 Nov 2022", true)]
    [InlineData("OpenSSH_10.0p2, OpenSSL 3.5.0", true)]
    [InlineData("", true)]
    public void Words_that_a_client_does_not_know_are_left_out(string version, bool knows)
    {
        Assert.Equal(knows, OpenSshConfig.Knows87(version));
        string text = OpenSshConfig.Text(new() { Destination = "a" }, null, OpenSshConfig.Knows87(version));
        Assert.Equal(knows, text.Contains("\nForkAfterAuthentication no\nStdinNull no\n", StringComparison.Ordinal));
        Assert.DoesNotContain('\r', text);
    }

    [Theory]
    [InlineData(@"C:\Users\Anna\.ssh\config", true, "C:/Users/Anna/.ssh/config")]
    [InlineData(@"C:\Users\Anna Müller\.ssh\config", true, "\"C:/Users/Anna Müller/.ssh/config\"")]
    [InlineData(@"\\server\home\anna\.ssh\config", true, "//server/home/anna/.ssh/config")]
    [InlineData(@"C:\Users\O'Hara\.ssh\config", true, "\"C:/Users/O'Hara/.ssh/config\"")]
    [InlineData(@"/home/a\b/.ssh/config", false, @"/home/a\b/.ssh/config")]
    public void Paths_are_as_Include_takes_them(string path, bool isWindows, string expected) => Assert.Equal(expected, OpenSshConfig.IncludePath(path, isWindows));
}
