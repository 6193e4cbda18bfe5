using System.Security.Cryptography;

namespace AtomProNet.Jobs.Submission;

/// <summary>
/// Names for batches that nobody else has ever had: <c>apn</c> and 60 random bits in 12 letters and digits. Fifteen characters, beginning
/// with a letter, are what every batch system takes for the name of a job, whole.
/// </summary>
internal static class BatchToken
{
    /// <summary>What all begin with; queries of the scheduler ask for it.</summary>
    public const string Prefix = "apn";

    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz"; // without i, l, o, u, which people misread

    /// <summary>A new one.</summary>
    public static string Create() => Prefix + RandomNumberGenerator.GetString(Alphabet, 12);
}
