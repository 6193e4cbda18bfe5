using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using AtomProNet.Databases;
using AtomProNet.Databases.Cache;
using AtomProNet.Databases.MaterialsProject;
using AtomProNet.Structures;

namespace AtomProNet.Tests.Databases;

/// <summary>Where the key goes, and where it does not.</summary>
public sealed partial class MaterialsProjectClientTests
{
    [Fact]
    public async Task The_key_goes_into_its_header_and_nowhere_else()
    {
        server.AddPolymorphs(30);
        server.Faults.Enqueue(FakeServer.Status(502, FakeMaterialsProject.Key));
        server.Faults.Enqueue(FakeServer.DroppedConnection());
        await Entries(new MaterialQuery().Select("MgO"), pageSize: 10);
        for (int i = 0; i < 10; i++)
        {
            server.Faults.Enqueue(FakeServer.Status(400, $$"""{"detail": "bad key {{FakeMaterialsProject.Key}}"}"""));
        }

        AtomProNetException error = await Fails(new MaterialQuery().Select("Mg2O"));
        Assert.DoesNotContain(FakeMaterialsProject.Key, error.ToString(), StringComparison.Ordinal);
        Assert.All(findings, f => Assert.DoesNotContain(FakeMaterialsProject.Key, f.ToString(), StringComparison.Ordinal));
        Assert.NotEmpty(findings);
        Assert.All(server.Requests, r => Assert.DoesNotContain(FakeMaterialsProject.Key, r, StringComparison.Ordinal));
        Assert.All(server.Headers, h => Assert.Equal(2, h.Split(FakeMaterialsProject.Key).Length));
        string[] files = Directory.GetFiles(folder, "*", SearchOption.AllDirectories);
        Assert.NotEmpty(files);
        Assert.All(files, f => Assert.DoesNotContain(FakeMaterialsProject.Key, f, StringComparison.Ordinal));
        Assert.All(files, f => Assert.DoesNotContain(FakeMaterialsProject.Key, Unpack(f), StringComparison.Ordinal));
        Assert.DoesNotContain(FakeMaterialsProject.Key, Options().Server.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(FakeMaterialsProject.Key, Options().ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_redirect_to_another_host_is_not_followed()
    {
        await using var other = new FakeMaterialsProject();
        await other.StartAsync();
        server.Faults.Enqueue(FakeServer.Redirect($"http://localhost:{other.Address.Port}/materials/summary/"));
        AtomProNetException error = await Fails(new MaterialQuery().Select("MgO"));
        Assert.Equal("RedirectedElsewhere", error.ErrorId);
        server.Faults.Enqueue(FakeServer.Redirect($"http://127.0.0.1:{other.Address.Port}/materials/summary/"));
        Assert.Equal("RedirectedElsewhere", (await Fails(new MaterialQuery().Select("MgO"))).ErrorId);
        Assert.Empty(other.Requests);
    }

    [Fact]
    public async Task A_redirect_within_the_server_is_followed()
    {
        server.AddPolymorphs(3);
        server.Faults.Enqueue((context, _) => FakeServer.Redirect(context.Request.Path + context.Request.QueryString.Value)(context, null!));
        Assert.Equal(3, (await Structures(new MaterialQuery().Select("MgO"))).Count);
        for (int i = 0; i < 50; i++)
        {
            server.Faults.Enqueue(FakeServer.Redirect("/materials/summary/"));
        }

        Assert.Equal("RedirectedInCircles", (await Fails(new MaterialQuery { First = 1 }.Select("MgO"))).ErrorId);
    }

    [Theory]
    [InlineData("http://api.materialsproject.org/", "KeyInClearText")]
    [InlineData("http://192.168.0.1/", "KeyInClearText")]
    [InlineData("ftp://api.materialsproject.org/", "ServerAddressInvalid")]
    [InlineData("https://name:word@api.materialsproject.org/", "ServerAddressInvalid")]
    [InlineData("https://api.materialsproject.org/?key=x", "ServerAddressInvalid")]
    public void A_server_that_would_see_the_key_in_the_clear_is_refused(string address, string id) =>
        Assert.Equal(id, Assert.Throws<AtomProNetException>(() => new MaterialsProjectClient(new() { Server = new() { BaseAddress = new(address), Key = "k" } })).ErrorId);

    [Theory]
    [InlineData("two words")]
    [InlineData("line\nbreak")]
    [InlineData("späce")]
    public void A_key_that_is_none_is_refused_without_being_shown(string key)
    {
        AtomProNetException error = Assert.Throws<AtomProNetException>(() => new MaterialsProjectClient(new() { Server = new() { BaseAddress = new("https://x.org"), Key = key } }));
        Assert.Equal("ApiKeyMalformed", error.ErrorId);
        Assert.DoesNotContain(key, error.ToString(), StringComparison.Ordinal);
    }
}
