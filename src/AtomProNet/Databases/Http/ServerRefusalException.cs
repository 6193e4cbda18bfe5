using System.Net;

namespace AtomProNet.Databases.Http;

/// <summary>An answer that is none: a status of 400 or more, or a body that cannot be read.</summary>
internal sealed class ServerRefusalException(HttpStatusCode? status, string detail, TimeSpan? retryAfter = null) : Exception(detail)
{
    /// <summary>The status; null where it was a success but the body is damaged.</summary>
    public HttpStatusCode? Status => status;

    /// <summary>What the server said, on one line and without the key.</summary>
    public string Detail => Message;

    /// <summary>How long the server asks to wait.</summary>
    public TimeSpan? RetryAfter => retryAfter;

    /// <summary>Whether trying again can help.</summary>
    public bool IsPassing => status is null or HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests || (int)status.Value >= 500;
}
