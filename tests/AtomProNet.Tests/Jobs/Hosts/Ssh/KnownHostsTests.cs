using System.Diagnostics;
using System.Text;
using AtomProNet.Jobs.Hosts.Ssh;

namespace AtomProNet.Tests.Jobs.Hosts.Ssh;

public sealed class KnownHostsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    private static byte[] Key(string type, string rest) => [0, 0, 0, (byte)type.Length, .. Encoding.ASCII.GetBytes(type), .. Encoding.ASCII.GetBytes(rest)];

    private static string Text(byte[] key) => KnownHosts.KeyTypeOf(key) + " " + Convert.ToBase64String(key);

    private KnownHosts Read(string text, string host = "host.example", int port = 22, string? alias = null)
    {
        folder.Write("known_hosts", text);
        return KnownHosts.Read(host, port, alias, [folder.Path("known_hosts"), folder.Path("missing")]);
    }

    private static readonly byte[] One = Key("ssh-ed25519", "one"), Two = Key("ssh-ed25519", "two"), Rsa = Key("ssh-rsa", "rsa");

    [Fact]
    public void Each_key_is_judged_by_the_lines_of_its_host()
    {
        string text = $"# comment\nother.example {Text(Two)}\nHOST.example,10.0.0.1 {Text(One)} somebody@somewhere\nhost.example {Text(Rsa)}\nnonsense\nhost.example ssh-ed25519 !!!\n@strange host.example {Text(Two)}\n";
        Assert.Equal(HostKeyVerdict.Known, Read(text).Judge(One));
        Assert.Equal(HostKeyVerdict.Known, Read(text).Judge(Rsa));
        Assert.Equal(HostKeyVerdict.Changed, Read(text).Judge(Two));
        Assert.Equal(HostKeyVerdict.Unknown, Read(text).Judge(Key("ecdsa-sha2-nistp256", "x")));
        Assert.Equal(HostKeyVerdict.Unknown, Read(text, "third.example").Judge(One));
        Assert.Equal(["ssh-ed25519", "ssh-rsa"], Read(text).KeyTypes);
        Assert.Equal(HostKeyVerdict.Known, Read(text, "10.0.0.1").Judge(One));
    }

    [Fact]
    public void A_port_that_is_not_22_is_part_of_the_name()
    {
        string text = $"[host.example]:2222 {Text(One)}\nhost.example {Text(Two)}\n";
        Assert.Equal(HostKeyVerdict.Known, Read(text, port: 2222).Judge(One));
        // Another key of this very port is known.
        Assert.Equal(HostKeyVerdict.Changed, Read(text, port: 2222).Judge(Two));
        Assert.Equal(HostKeyVerdict.Changed, Read(text).Judge(One));
        // Filed without a port, a key is good for all; another one there proves nothing.
        Assert.Equal(HostKeyVerdict.Known, Read(text, port: 2223).Judge(Two));
        Assert.Equal(HostKeyVerdict.Unknown, Read(text, port: 2223).Judge(One));
        Assert.Equal("[host.example]:2222 " + Text(One), Read(text, port: 2222).LineFor(One));
        Assert.Equal(HostKeyVerdict.Known, Read($"filed {Text(One)}\n", port: 2222, alias: "filed").Judge(One));
    }

    [Fact]
    public void What_is_revoked_is_refused_whatever_else_is_known()
    {
        string text = $"host.example {Text(One)}\n@revoked * {Text(One)}\n@cert-authority *.example {Text(Two)}\n";
        Assert.Equal(HostKeyVerdict.Revoked, Read(text).Judge(One));
        Assert.Equal(HostKeyVerdict.Revoked, Read(text, port: 2222).Judge(One));
        // An authority's key is no host's key.
        Assert.Equal(HostKeyVerdict.Unknown, Read(text, "x.example").Judge(Two));
        Assert.True(Read(text).HasAuthority);
    }

    [Theory]
    [InlineData("*.example", "a.example", true)]
    [InlineData("*.example,!a.example", "a.example", false)]
    [InlineData("?.example", "ab.example", false)]
    [InlineData("A.Example", "a.example", true)]
    [InlineData("*", "x", true)]
    [InlineData("!a.example,b.example", "c.example", false)]
    public void Names_may_have_wildcards(string patterns, string host, bool known) =>
        Assert.Equal(known ? HostKeyVerdict.Known : HostKeyVerdict.Unknown, Read($"{patterns} {Text(One)}\n", host).Judge(One));

    [Fact]
    public async Task Hashed_names_are_those_of_ssh_keygen()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/ssh-keygen"), "ssh-keygen is missing (Debian: openssh-client).");
        string file = folder.Write("hashed", $"host.example,10.0.0.1 {Text(One)}\n[host.example]:2222 {Text(Two)}\n");
        using Process hashing = Process.Start(new ProcessStartInfo("/usr/bin/ssh-keygen", ["-q", "-H", "-f", file]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        await hashing.WaitForExitAsync(TestContext.Current.CancellationToken);
        string text = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        Assert.DoesNotContain("example", text, StringComparison.Ordinal);
        Assert.Equal(HostKeyVerdict.Known, Read(text).Judge(One));
        Assert.Equal(HostKeyVerdict.Known, Read(text, "10.0.0.1").Judge(One));
        Assert.Equal(HostKeyVerdict.Known, Read(text, port: 2222).Judge(Two));
        Assert.Equal(HostKeyVerdict.Unknown, Read(text, "other.example").Judge(One));
        Assert.Equal(HostKeyVerdict.Unknown, Read("|1|bad|worse " + Text(One) + "\n|2|x|y " + Text(One) + "\n").Judge(One));
    }

    [Fact]
    public async Task Fingerprints_are_those_of_ssh_keygen()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/ssh-keygen"), "ssh-keygen is missing (Debian: openssh-client).");
        using Process making = Process.Start(new ProcessStartInfo("/usr/bin/ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", folder.Path("key")]))!;
        await making.WaitForExitAsync(TestContext.Current.CancellationToken);
        using Process telling = Process.Start(new ProcessStartInfo("/usr/bin/ssh-keygen", ["-l", "-f", folder.Path("key.pub")]) { RedirectStandardOutput = true })!;
        string told = await telling.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        byte[] key = Convert.FromBase64String((await File.ReadAllTextAsync(folder.Path("key.pub"), TestContext.Current.CancellationToken)).Split(' ')[1]);
        Assert.Contains(" " + KnownHosts.Fingerprint(key) + " ", told, StringComparison.Ordinal);
    }
}
