namespace AtomProNet.Files;

/// <summary>Reads a stream to its end, for formats that are small enough to be held in memory.</summary>
internal static class WholeStream
{
    /// <summary>All bytes from the present position on.</summary>
    public static byte[] Read(Stream stream)
    {
        if (stream.CanSeek && stream.Length - stream.Position is >= 0 and < int.MaxValue and long length)
        {
            var bytes = new byte[length];
            int read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            int next = read == bytes.Length ? stream.ReadByte() : -1;
            if (next < 0)
            {
                return read == bytes.Length ? bytes : bytes[..read];
            }

            // The file grew (or is one of those that claim to be empty, such as /proc): take the rest as it comes.
            using var grown = new MemoryStream();
            grown.Write(bytes, 0, read);
            grown.WriteByte((byte)next);
            stream.CopyTo(grown);
            return grown.ToArray();
        }

        using var buffer = new MemoryStream();
        stream.CopyTo(buffer);
        return buffer.ToArray();
    }
}
