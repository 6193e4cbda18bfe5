using AtomProNet.Jobs.Transfer;

namespace AtomProNet.Tests.Jobs.Transfer;

/// <summary>Names that a cluster has and a Windows computer cannot have; the rule is the same everywhere, so that it is tried everywhere.</summary>
public sealed class WindowsNameTests
{
    [Theory]
    [InlineData("CON")]
    [InlineData("out/nul.txt")]
    [InlineData("Aux /x")]
    [InlineData("com1")]
    [InlineData("a:b")]
    [InlineData("a/b?")]
    [InlineData("dots.")]
    [InlineData("blank /x")]
    [InlineData("back\\slash")]
    [InlineData("tab\tulator")]
    public void Windows_does_not_take(string path) => Assert.NotNull(RemotePath.WhyImpossibleOnWindows(path));

    [Theory]
    [InlineData("OUTCAR")]
    [InlineData("tmp/pwscf.save/data-file-schema.xml")]
    [InlineData("console")]
    [InlineData("strain_+0.0100/CONTCAR")]
    [InlineData("com10")]
    [InlineData(".hidden")]
    public void Windows_takes(string path) => Assert.Null(RemotePath.WhyImpossibleOnWindows(path));
}
