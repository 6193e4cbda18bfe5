using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Polly;
using Polly.Retry;

namespace AtomProNet.Databases.Http;

/// <summary>
/// One server that answers in JSON. A request is tried again on 408, 429, 5xx, a dropped connection, silence and damaged answers,
/// waiting as the server says (Retry-After in seconds or as a date) or else exponentially with jitter. Redirects are followed
/// within the server only, so that the key never goes to another host.
/// </summary>
internal sealed class DatabaseServer : IDisposable
{
    private const int MostRedirects = 5;
    private readonly ServerOptions options;
    private readonly HttpClient client;

    /// <summary>Prepares a server; nothing is sent yet.</summary>
    /// <exception cref="AtomProNetException">The address cannot be used, or the key would be sent in the clear.</exception>
    public DatabaseServer(ServerOptions options)
    {
        Uri address = options.BaseAddress;
        if (!address.IsAbsoluteUri || (address.Scheme != Uri.UriSchemeHttps && address.Scheme != Uri.UriSchemeHttp) || address.Query.Length > 0 || address.Fragment.Length > 0)
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "ServerAddressInvalid", "A server's address begins with https:// and has no query.", value: address.OriginalString, remedy: "Give it such as https://api.materialsproject.org");
        }

        if (address.UserInfo.Length > 0)
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "ServerAddressInvalid", "A server's address holds no name or password: addresses appear in messages and files.", remedy: "Give the key as -ApiKey or in its environment variable.");
        }

        if (options.Key is { } key && key.Any(c => c is <= ' ' or > '~'))
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "ApiKeyMalformed", "The API key has a blank or another character that no key has (it is not shown here).", remedy: "Copy it again, as one word.");
        }

        this.options = options with { BaseAddress = address.AbsoluteUri.EndsWith('/') ? address : new Uri(address.AbsoluteUri + "/") };
        RefuseClearText(this.options.BaseAddress);
        client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.All,
            ConnectTimeout = options.Timeout < TimeSpan.FromSeconds(20) ? options.Timeout : TimeSpan.FromSeconds(20),
            Proxy = options.Proxy ?? HttpClient.DefaultProxy,
            UseProxy = true,
            UseCookies = false,
        })
        {
            Timeout = System.Threading.Timeout.InfiniteTimeSpan,
        };
        client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("AtomProNet.PS", typeof(DatabaseServer).Assembly.GetName().Version?.ToString(3) ?? "0"));
        client.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
    }

    /// <summary>The server's address, with a slash at its end.</summary>
    public Uri BaseAddress => options.BaseAddress;

    /// <inheritdoc/>
    public void Dispose() => client.Dispose();

    /// <summary>Gets a document and reads it; a document that <paramref name="read"/> cannot read is fetched again.</summary>
    /// <param name="path">Path and query, relative to the server.</param>
    /// <param name="read">Reads the body; throws <see cref="JsonException"/> where it is damaged or cut off.</param>
    /// <param name="token">Stops it.</param>
    /// <exception cref="ServerRefusalException">The server refuses, or goes on failing.</exception>
    /// <exception cref="AtomProNetException">The server cannot be reached, or redirects to another one.</exception>
    internal Task<T> GetAsync<T>(string path, Func<byte[], T> read, CancellationToken token) => GetAsync(new Uri(options.BaseAddress, path), read, token);

    /// <summary>The same for an address that the server gave itself, such as that of its next page.</summary>
    internal async Task<T> GetAsync<T>(Uri address, Func<byte[], T> read, CancellationToken token)
    {
        address = WithinServer(options.BaseAddress, address);
        ResiliencePipeline pipeline = new ResiliencePipelineBuilder { TimeProvider = options.Clock }.AddRetry(Retry(address)).Build();
        try
        {
            return await pipeline.ExecuteAsync(async attempt => read(await SendAsync(address, attempt).ConfigureAwait(false)), token).ConfigureAwait(false);
        }
        catch (JsonException e)
        {
            throw new ServerRefusalException(null, Redact(e.Message));
        }
        catch (Exception e) when (e is HttpRequestException or IOException or TimeoutException or InvalidDataException)
        {
            throw new AtomProNetException(ErrorKind.Unavailable, "ServerNotReached", $"{options.BaseAddress.Host} does not answer: {Redact(Innermost(e)).TrimEnd('.')}.", remedy: "Check the network, and the proxy if there is one (-Proxy); then try again.");
        }
    }

    /// <summary>Turns a refusal into what the user sees.</summary>
    internal AtomProNetException Describe(ServerRefusalException refusal, string howToGetAKey)
    {
        string host = options.BaseAddress.Host;
        string said = refusal.Detail.Length > 0 ? $" It says: {refusal.Detail.TrimEnd('.')}." : "";
        int status = (int)(refusal.Status ?? 0);
        string code = status.ToString(CultureInfo.InvariantCulture);
        return refusal.Status switch
        {
            null => new(ErrorKind.Unavailable, "AnswerMalformed", $"{host} answers with something that cannot be read.{said}", remedy: "Try again later; if it goes on, check that the address is that of the API."),
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden when options.Key is null => new(ErrorKind.PermissionDenied, "ApiKeyMissing", $"{host} wants an API key ({code}).{said}", remedy: howToGetAKey),
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new(ErrorKind.PermissionDenied, "ApiKeyRefused", $"{host} refuses the API key ({code}).{said}", remedy: howToGetAKey),
            HttpStatusCode.NotFound => new(ErrorKind.NotFound, "ServerPathNotFound", $"{host} does not know the path that was asked for (404).{said}", remedy: "Check the address of the server."),
            HttpStatusCode.TooManyRequests => new(
                ErrorKind.LimitExceeded,
                "RequestLimitReached",
                refusal.RetryAfter is { } wait ? $"{host} gets too many requests and asks to wait {Seconds(wait)} s.{said}" : $"{host} gets too many requests (429).{said}",
                remedy: "Try again later, and with fewer commands at the same time."),
            _ when refusal.IsPassing => new(ErrorKind.Unavailable, "ServerFails", $"{host} fails ({code}) and did so {(options.Retries + 1).ToString(CultureInfo.InvariantCulture)} times.{said}", remedy: "Try again later."),
            _ => new(ErrorKind.InvalidArgument, "QueryRefused", $"{host} refuses the query ({code}).{said}", remedy: "Check the parameters."),
        };
    }

    private static string Seconds(TimeSpan time) => Math.Ceiling(time.TotalSeconds).ToString(CultureInfo.InvariantCulture);

    private static string Innermost(Exception e) => e.InnerException is null ? e.Message : Innermost(e.InnerException);

    private RetryStrategyOptions Retry(Uri address) => new()
    {
        MaxRetryAttempts = options.Retries,
        Delay = options.RetryDelay,
        MaxDelay = options.LongestWait,
        BackoffType = DelayBackoffType.Exponential,
        UseJitter = true,
        ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome.Exception switch
        {
            // A server that asks for an hour would hold the session for an hour: that is the user's decision.
            ServerRefusalException refusal => refusal.IsPassing && !(refusal.RetryAfter > options.LongestWait),
            // Nobody there at all: two tries more are enough to tell it from a hiccup.
            HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError } => arguments.AttemptNumber < 2,
            HttpRequestException or IOException or TimeoutException or JsonException or InvalidDataException => true,
            _ => false,
        }),
        DelayGenerator = arguments => ValueTask.FromResult((arguments.Outcome.Exception as ServerRefusalException)?.RetryAfter),
        OnRetry = arguments =>
        {
            string reason = arguments.Outcome.Exception switch
            {
                ServerRefusalException refusal => ((int)(refusal.Status ?? 0)).ToString(CultureInfo.InvariantCulture),
                JsonException => "an answer that cannot be read",
                TimeoutException => "no answer in time",
                { } e => Redact(Innermost(e)),
                _ => "",
            };
            options.Notice?.Invoke(new(FindingSeverity.Information, "RequestRetried", $"{address.Host}: {reason}; trying again in {Seconds(arguments.RetryDelay)} s ({(arguments.AttemptNumber + 1).ToString(CultureInfo.InvariantCulture)} of {options.Retries.ToString(CultureInfo.InvariantCulture)})."));
            return default;
        },
    };

    private async Task<byte[]> SendAsync(Uri address, CancellationToken token)
    {
        for (int redirects = 0; ; redirects++)
        {
            options.Notice?.Invoke(new(FindingSeverity.Information, "RequestSent", $"GET {address}"));
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            if (options.Key is not null)
            {
                request.Headers.TryAddWithoutValidation(options.KeyHeader, options.Key);
            }

            // Silence is what is limited, not the whole time: a large page may take long as long as it keeps coming.
            using var silence = CancellationTokenSource.CreateLinkedTokenSource(token);
            silence.CancelAfter(options.Timeout);
            try
            {
                using HttpResponseMessage response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, silence.Token).ConfigureAwait(false);
                if ((int)response.StatusCode is 301 or 302 or 303 or 307 or 308)
                {
                    address = Follow(address, response.Headers.Location, redirects);
                    continue;
                }

                byte[] body = await ReadAsync(response, silence).ConfigureAwait(false);
                return response.IsSuccessStatusCode ? body : throw new ServerRefusalException(response.StatusCode, Redact(ServerError.Read(body)), RetryAfter(response));
            }
            catch (OperationCanceledException) when (!token.IsCancellationRequested)
            {
                throw new TimeoutException($"no answer within {Seconds(options.Timeout)} s");
            }
        }
    }

    private async Task<byte[]> ReadAsync(HttpResponseMessage response, CancellationTokenSource silence)
    {
        using Stream stream = await response.Content.ReadAsStreamAsync(silence.Token).ConfigureAwait(false);
        using var body = new MemoryStream();
        var buffer = new byte[1 << 16];
        for (int n; (n = await stream.ReadAsync(buffer, silence.Token).ConfigureAwait(false)) > 0;)
        {
            body.Write(buffer, 0, n);
            silence.CancelAfter(options.Timeout);
        }

        return body.ToArray();
    }

    private Uri Follow(Uri from, Uri? location, int redirects)
    {
        Uri to = location is null ? from : new Uri(from, location);
        to = WithinServer(from, to);
        return redirects < MostRedirects
            ? to
            : throw new AtomProNetException(ErrorKind.Unavailable, "RedirectedInCircles", $"{from.Host} redirects again and again.", remedy: "Check the address of the server.");
    }

    // Servers behind a proxy often call themselves http; and no other server gets what is meant for this one.
    private Uri WithinServer(Uri from, Uri to)
    {
        if (from.Scheme == Uri.UriSchemeHttps && to.Scheme == Uri.UriSchemeHttp && SameHost(from, to))
        {
            to = new UriBuilder(to) { Scheme = Uri.UriSchemeHttps, Port = from.Port }.Uri;
        }

        bool upgraded = from.Scheme == Uri.UriSchemeHttp && to.Scheme == Uri.UriSchemeHttps;
        return SameHost(from, to) && (upgraded || (to.Scheme == from.Scheme && to.Port == from.Port))
            ? to
            : throw new AtomProNetException(ErrorKind.PermissionDenied, "RedirectedElsewhere", $"{from.Host} points to another server, {to.GetLeftPart(UriPartial.Authority)}, which does not get the request{(options.Key is null ? "" : " (nor the key)")}.", remedy: "If that is right, give the other server itself (-Uri).");
    }

    // With and without www is one owner; where a key is sent, only the very same name will do.
    private bool SameHost(Uri a, Uri b)
    {
        return string.Equals(Bare(a.Host), Bare(b.Host), StringComparison.OrdinalIgnoreCase);

        string Bare(string host) => options.Key is null && host.StartsWith("www.", StringComparison.OrdinalIgnoreCase) ? host[4..] : host;
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        TimeSpan? wait = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - options.Clock.GetUtcNow(),
            _ => null,
        };
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }

    // Servers repeat a key that they refuse, and so might anything on the way.
    private string Redact(string text) => options.Key is { Length: > 0 } key ? text.Replace(key, "***", StringComparison.Ordinal) : text;

    private void RefuseClearText(Uri address)
    {
        if (options.Key is null || address.Scheme == Uri.UriSchemeHttps)
        {
            return;
        }

        IWebProxy proxy = options.Proxy ?? HttpClient.DefaultProxy;
        Uri? through = proxy.IsBypassed(address) ? null : proxy.GetProxy(address);
        if (!address.IsLoopback || through is { IsLoopback: false })
        {
            throw new AtomProNetException(ErrorKind.PermissionDenied, "KeyInClearText", $"{address.Host} is not asked over plain http, because everybody on the way could read the API key.", remedy: "Use https://.");
        }
    }
}
