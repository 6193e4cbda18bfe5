using AtomProNet.Files;

namespace AtomProNet.Tests.Files;

public sealed class PathOrderTests
{
    /// <summary>Frames are numbered and split in the order of their files: the same files give the same set on each system.</summary>
    [Fact]
    public void Backslashes_and_slashes_give_one_order()
    {
        string[] unix = ["b/x", "a-1/x", "a/Z", "a/x", "aB/x", "a0/x", "a+/x"];
        string[] ordered = [.. PathOrder.Of(unix, '/')];
        Assert.Equal(["a+/x", "a-1/x", "a/Z", "a/x", "a0/x", "aB/x", "b/x"], ordered);
        Assert.Equal(ordered, PathOrder.Of(unix.Select(p => p.Replace('/', '\\')), '\\').Select(p => p.Replace('\\', '/')));
    }
}
