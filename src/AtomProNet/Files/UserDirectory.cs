namespace AtomProNet.Files;

/// <summary>Where this project keeps what belongs to the user: caches, and the store of jobs.</summary>
public static class UserDirectory
{
    /// <summary>The environment variable that moves it.</summary>
    public const string Variable = "ATOMPRONET_HOME";

    /// <summary>For tests that run side by side in one process, which has one environment: another folder for what follows in this flow of calls.</summary>
    internal static AsyncLocal<string?> MovedHere { get; } = new();

    /// <summary>The folder: <c>ATOMPRONET_HOME</c>, else <c>AtomProNet.PS</c> in the user's data directory. It need not exist.</summary>
    public static string Path
    {
        get
        {
            string? moved = MovedHere.Value ?? Environment.GetEnvironmentVariable(Variable);
            if (!string.IsNullOrWhiteSpace(moved))
            {
                return System.IO.Path.GetFullPath(moved);
            }

            // On a login node without XDG directories this is ~/.local/share; without any home at all, the temporary folder.
            string data = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
            return System.IO.Path.Combine(data.Length > 0 ? data : System.IO.Path.GetTempPath(), "AtomProNet.PS");
        }
    }
}
