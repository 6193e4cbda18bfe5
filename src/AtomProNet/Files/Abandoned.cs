namespace AtomProNet.Files;

/// <summary>Closes what is thrown away: what could not be written any more on a full disk is not wanted anyhow.</summary>
internal static class Abandoned
{
    /// <summary>Closes a stream or writer, whatever becomes of what it still holds.</summary>
    public static void Close(IDisposable? written)
    {
        try
        {
            written?.Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException)
        {
            // A limit on the size of files is told by .NET as an argument out of range.
        }
    }
}
