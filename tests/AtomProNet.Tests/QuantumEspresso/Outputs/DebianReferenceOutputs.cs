using System.IO.Compression;
using System.Text;

namespace AtomProNet.Tests.QuantumEspresso.Outputs;

/// <summary>The reference outputs of pw.x (releases 4.0 to 6.6) that Debian ships with quantum-espresso-data.</summary>
internal static class DebianReferenceOutputs
{
    private const string Root = "/usr/share/doc/quantum-espresso/examples";

    private static readonly Lazy<IReadOnlyList<(string Path, string Text)>> Files = new(Find);

    /// <summary>Path and text of each; skips the test where the package is missing.</summary>
    public static IReadOnlyList<(string Path, string Text)> All
    {
        get
        {
            Assert.SkipUnless(Directory.Exists(Root) && Files.Value.Count > 0, "The reference outputs are missing (Debian: quantum-espresso-data).");
            return Files.Value;
        }
    }

    private static List<(string Path, string Text)> Find()
    {
        var found = new List<(string, string)>();
        byte[] head = new byte[2048];
        foreach (string path in Directory.EnumerateFiles(Root, "*.gz", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            using var packed = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
            int length = packed.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
            if (head.AsSpan(0, length).IndexOf("Program PWSCF"u8) >= 0)
            {
                using var plain = new MemoryStream();
                plain.Write(head, 0, length);
                packed.CopyTo(plain);
                found.Add((path, Encoding.Latin1.GetString(plain.ToArray())));
            }
        }

        return found;
    }
}
