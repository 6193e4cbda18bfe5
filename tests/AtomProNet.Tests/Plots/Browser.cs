using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AtomProNet.Tests.Plots;

/// <summary>
/// A real Chromium without a window, led through its DevTools protocol. Where none is installed, the test that wants it is skipped and
/// says so.
/// </summary>
internal sealed class Browser : IAsyncDisposable
{
    private readonly Process process;
    private readonly string profile;
    private readonly ClientWebSocket socket = new();
    private readonly List<JsonNode> events = [];
    private string? session;
    private int last;

    private Browser(Process process, string profile) => (this.process, this.profile) = (process, profile);

    private static string? Executable => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .SelectMany(folder => new[] { "chromium", "chromium-browser", "google-chrome" }.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists);

    public static void SkipUnlessThere() => Assert.SkipWhen(Executable is null, "Chromium is missing (Debian: chromium).");

    /// <summary>Starts it with an empty profile.</summary>
    public static async Task<Browser> Start(CancellationToken cancellation)
    {
        string profile = Path.Combine(Path.GetTempPath(), $"atompronet-{Guid.NewGuid():N}");
        var process = Process.Start(new ProcessStartInfo(Executable!,
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", "--user-data-dir=" + profile, "--remote-debugging-port=0", "about:blank",
        ])
        { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var browser = new Browser(process, profile);
        try
        {
            string? address = null;
            while (address is null)
            {
                string line = await process.StandardError.ReadLineAsync(cancellation) ?? throw new InvalidOperationException("Chromium ended before it listened.");
                address = line.StartsWith("DevTools listening on ", StringComparison.Ordinal) ? line["DevTools listening on ".Length..] : null;
            }

            // What it goes on to write must not fill the pipes.
            _ = process.StandardError.ReadToEndAsync(CancellationToken.None);
            _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
            await browser.socket.ConnectAsync(new Uri(address), cancellation);
            JsonNode target = await browser.Call("Target.createTarget", new() { ["url"] = "about:blank" }, cancellation);
            JsonNode attached = await browser.Call("Target.attachToTarget", new() { ["targetId"] = target["targetId"]!.GetValue<string>(), ["flatten"] = true }, cancellation);
            browser.session = attached["sessionId"]!.GetValue<string>();
            foreach (string domain in (string[])["Page", "Network", "Log", "Runtime"])
            {
                await browser.Call(domain + ".enable", [], cancellation);
            }

            return browser;
        }
        catch
        {
            await browser.DisposeAsync();
            throw;
        }
    }

    /// <summary>Opens a file in a window of some width, light or dark, and waits until it is drawn.</summary>
    /// <returns>What it asked the network for, other than the file itself, and what it wrote to the console.</returns>
    public async Task<(string[] Requests, string[] Messages)> Open(string file, int width, bool isDark, CancellationToken cancellation)
    {
        await Call("Emulation.setDeviceMetricsOverride", new() { ["width"] = width, ["height"] = 900, ["deviceScaleFactor"] = 1, ["mobile"] = false }, cancellation);
        await Call("Emulation.setEmulatedMedia", new() { ["features"] = new JsonArray(new JsonObject { ["name"] = "prefers-color-scheme", ["value"] = isDark ? "dark" : "light" }) }, cancellation);
        events.Clear();
        string url = new Uri(file).AbsoluteUri;
        await Call("Page.navigate", new() { ["url"] = url }, cancellation);
        while (!events.Exists(e => (string?)e["method"] == "Page.loadEventFired"))
        {
            events.Add(await Receive(cancellation));
        }

        // Whatever the page does in its first moments is seen, too.
        await Evaluate("new Promise(r => requestAnimationFrame(() => requestAnimationFrame(() => r(1))))", cancellation);
        return (
            [.. Of("Network.requestWillBeSent").Select(p => (string)p["request"]!["url"]!).Where(u => u != url && !u.StartsWith("data:", StringComparison.Ordinal))],
            [.. Of("Log.entryAdded").Concat(Of("Runtime.consoleAPICalled")).Concat(Of("Runtime.exceptionThrown")).Select(p => p.ToJsonString())]);

        IEnumerable<JsonNode> Of(string method) => events.Where(e => (string?)e["method"] == method).Select(e => e["params"]!);
    }

    /// <summary>The value of an expression in the page.</summary>
    public async Task<JsonNode?> Evaluate(string expression, CancellationToken cancellation)
    {
        JsonNode result = await Call("Runtime.evaluate", new() { ["expression"] = expression, ["returnByValue"] = true, ["awaitPromise"] = true }, cancellation);
        Assert.True(result["exceptionDetails"] is null, result.ToJsonString());
        return result["result"]?["value"];
    }

    public async ValueTask DisposeAsync()
    {
        socket.Dispose();
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
        for (int attempt = 0; attempt < 20; attempt++)
        {
            try
            {
                Directory.Delete(profile, recursive: true);
                return;
            }
            catch (DirectoryNotFoundException)
            {
                return;
            }
            catch (IOException)
            {
                // Its children let go of the profile a moment later.
                await Task.Delay(100);
            }
        }
    }

    private async Task<JsonNode> Call(string method, JsonObject parameters, CancellationToken cancellation)
    {
        int id = ++last;
        var message = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters };
        if (session is not null)
        {
            message["sessionId"] = session;
        }

        await socket.SendAsync(Encoding.UTF8.GetBytes(message.ToJsonString()), WebSocketMessageType.Text, true, cancellation);
        while (true)
        {
            JsonNode answer = await Receive(cancellation);
            if ((int?)answer["id"] == id)
            {
                return answer["result"] ?? throw new InvalidOperationException(answer.ToJsonString());
            }

            events.Add(answer);
        }
    }

    private async Task<JsonNode> Receive(CancellationToken cancellation)
    {
        using var whole = new MemoryStream();
        var buffer = new byte[1 << 16];
        WebSocketReceiveResult part;
        do
        {
            part = await socket.ReceiveAsync(buffer, cancellation);
            whole.Write(buffer, 0, part.Count);
        }
        while (!part.EndOfMessage);
        return JsonNode.Parse(whole.ToArray())!;
    }
}
