namespace AtomProNet.Tests.Plots;

/// <summary>One browser for all tests of a class, started by the first that wants it.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    private Browser? browser;

    /// <summary>The browser; skips the test where there is none.</summary>
    internal async Task<Browser> Get(CancellationToken cancellation)
    {
        Browser.SkipUnlessThere();
        return browser ??= await Browser.Start(cancellation);
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
        {
            await browser.DisposeAsync();
        }
    }
}
