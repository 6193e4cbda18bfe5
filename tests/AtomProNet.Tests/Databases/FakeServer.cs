using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AtomProNet.Tests.Databases;

/// <summary>
/// A web server on 127.0.0.1 that stands in for a database's. What can go wrong on the way is put into a queue: each request takes
/// one fault out of it, and is answered properly once the queue is empty.
/// </summary>
internal abstract class FakeServer : IAsyncDisposable
{
    private WebApplication? application;

    /// <summary>What went wrong; one for each request, in order. A fault returns false to let the request be answered after all.</summary>
    public ConcurrentQueue<Func<HttpContext, Func<Task<byte[]>>, Task<bool>>> Faults { get; } = new();

    /// <summary>Requests that this matches take faults; by default all but the heartbeat.</summary>
    public Func<HttpRequest, bool> FaultsApply { get; set; } = request => request.Path != "/heartbeat";

    /// <summary>Path and query of every request, in order.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>All headers of every request.</summary>
    public ConcurrentQueue<string> Headers { get; } = new();

    public Uri Address { get; private set; } = null!;

    public static Func<HttpContext, Func<Task<byte[]>>, Task<bool>> Status(int status, string body = "", string? retryAfter = null) => async (context, _) =>
    {
        context.Response.StatusCode = status;
        if (retryAfter is not null)
        {
            context.Response.Headers.RetryAfter = retryAfter;
        }

        await context.Response.WriteAsync(body);
        return true;
    };

    /// <summary>Sends the first half of the true answer, then cuts the connection.</summary>
    public static Func<HttpContext, Func<Task<byte[]>>, Task<bool>> DroppedConnection() => async (context, answer) =>
    {
        byte[] body = await answer();
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body.AsMemory(0, body.Length / 2));
        await context.Response.Body.FlushAsync();
        context.Abort();
        return true;
    };

    /// <summary>Sends some other text with status 200.</summary>
    public static Func<HttpContext, Func<Task<byte[]>>, Task<bool>> Body(Func<byte[], byte[]> change) => async (context, answer) =>
    {
        await context.Response.Body.WriteAsync(change(await answer()));
        return true;
    };

    public static Func<HttpContext, Func<Task<byte[]>>, Task<bool>> Redirect(string location, int status = 307) => (context, _) =>
    {
        context.Response.StatusCode = status;
        context.Response.Headers.Location = location;
        return Task.FromResult(true);
    };

    /// <summary>Says nothing for a while, then answers properly.</summary>
    public static Func<HttpContext, Func<Task<byte[]>>, Task<bool>> Silence(TimeSpan time) => async (context, _) =>
    {
        await Task.Delay(time, context.RequestAborted);
        return false;
    };

    public async Task StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestLineSize = 65536);
        application = builder.Build();
        application.Run(HandleAsync);
        await application.StartAsync();
        Address = new Uri(application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/");
    }

    public async ValueTask DisposeAsync()
    {
        if (application is not null)
        {
            await application.DisposeAsync();
        }
    }

    /// <summary>The proper answer.</summary>
    protected abstract (int Status, string Body) Answer(HttpRequest request);

    protected static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private async Task HandleAsync(HttpContext context)
    {
        Requests.Enqueue(context.Request.Path + context.Request.QueryString.Value);
        Headers.Enqueue(string.Join('\n', context.Request.Headers.Select(h => $"{h.Key}: {h.Value}")));
        if (FaultsApply(context.Request) && Faults.TryDequeue(out var fault)
            && await fault(context, () => Task.FromResult(System.Text.Encoding.UTF8.GetBytes(Answer(context.Request).Body))))
        {
            return;
        }

        (int status, string body) = Answer(context.Request);
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(body);
    }
}
