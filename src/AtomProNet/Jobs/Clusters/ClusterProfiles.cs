using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using AtomProNet.Calculations;
using AtomProNet.Files;
using AtomProNet.Jobs.Store;

namespace AtomProNet.Jobs.Clusters;

/// <summary>The clusters that the user has registered: one JSON file each in the user's data directory, and the one that is always there.</summary>
public static class ClusterProfiles
{
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip,
        Converters = { new JsonStringEnumConverter() },
    };

    private static string Folder => Path.Combine(UserDirectory.Path, "clusters");

    /// <summary>All of them by name; the machine itself comes first. A file that cannot be read is left out.</summary>
    /// <param name="problem">Told what cannot be read; null for whoever does not care, such as completion.</param>
    public static ImmutableArray<ClusterProfile> All(Action<AtomProNetException>? problem = null)
    {
        var profiles = ImmutableArray.CreateBuilder<ClusterProfile>();
        string[] files = Directory.Exists(Folder) ? Directory.GetFiles(Folder, "*.json") : [];
        foreach (string file in files.Order(StringComparer.OrdinalIgnoreCase))
        {
            try
            {
                profiles.Add(Read(file));
            }
            catch (AtomProNetException e)
            {
                problem?.Invoke(e);
            }
        }

        if (!profiles.Any(p => IsLocal(p.Name)))
        {
            profiles.Insert(0, ClusterProfile.Local);
        }

        return profiles.ToImmutable();
    }

    /// <summary>One of them, by its name in whatever case.</summary>
    /// <exception cref="AtomProNetException">There is none of this name, or its file is damaged.</exception>
    public static ClusterProfile Get(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (Find(name) is { } file)
        {
            return Read(file);
        }

        if (IsLocal(name))
        {
            return ClusterProfile.Local;
        }

        string known = string.Join(", ", All().Select(p => p.Name));
        throw new AtomProNetException(ErrorKind.NotFound, "ClusterNotFound", "There is no cluster of this name.", value: name, remedy: $"Known are: {known}. Register-DftCluster adds one.");
    }

    /// <summary>Whether there is one of this name.</summary>
    public static bool Exists(string name) => Find(name) is not null;

    /// <summary>Writes one down.</summary>
    /// <param name="profile">The cluster.</param>
    /// <param name="overwrite">Whether one of this name may be replaced.</param>
    /// <exception cref="AtomProNetException">There is one, and it may not be replaced.</exception>
    public static void Save(ClusterProfile profile, bool overwrite)
    {
        ArgumentNullException.ThrowIfNull(profile);
        string? present = Find(profile.Name);
        if (present is not null && !overwrite)
        {
            throw new AtomProNetException(ErrorKind.AlreadyExists, "ClusterExists", "There is a cluster of this name already.", value: profile.Name, remedy: "Use -Force to change it.");
        }

        PrivateFolder.Create(UserDirectory.Path);
        PrivateFolder.Create(Folder);
        string file = present ?? Path.Combine(Folder, FileOf(profile.Name));
        using var atomic = new AtomicFile(file, overwrite: true);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(atomic.Stream.SafeFileHandle, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        atomic.Stream.Write(JsonSerializer.SerializeToUtf8Bytes(profile, Json));
        atomic.Stream.WriteByte((byte)'\n');
        atomic.Commit();
    }

    /// <summary>Forgets one.</summary>
    /// <exception cref="AtomProNetException">There is none of this name.</exception>
    public static void Remove(string name)
    {
        if (Find(name) is { } file)
        {
            File.Delete(file);
        }
        else if (IsLocal(name))
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "ClusterIsBuiltIn", "The cluster 'local' is this machine, and always there.", value: name);
        }
        else
        {
            Get(name);
        }
    }

    private static string? Find(string name) => !Directory.Exists(Folder) ? null
        : Directory.GetFiles(Folder, "*.json").FirstOrDefault(f => Path.GetFileName(f).Equals(FileOf(name), StringComparison.OrdinalIgnoreCase)
            || Path.GetFileNameWithoutExtension(f).Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The file of a cluster; Windows keeps con.json for a device.</summary>
    private static string FileOf(string name) => (CalculationName.IsReservedOnWindows(name) ? "_" : "") + name + ".json";

    private static bool IsLocal(string name) => name.Equals(ClusterProfile.LocalName, StringComparison.OrdinalIgnoreCase);

    private static ClusterProfile Read(string file)
    {
        try
        {
            return JsonSerializer.Deserialize<ClusterProfile>(SharedFile.ReadAllBytes(file), Json) ?? throw new JsonException();
        }
        catch (Exception e) when (e is JsonException or AtomProNetException or ArgumentException)
        {
            string problem = e is AtomProNetException own ? own.Problem : "The file is no profile of a cluster.";
            throw new AtomProNetException(ErrorKind.InvalidData, "ClusterProfileDamaged", problem, file, (e as JsonException)?.LineNumber + 1, remedy: "Correct it, or register the cluster again with -Force.", inner: e);
        }
    }
}
