using System.Text;

namespace AtomProNet.Jobs.Store;

/// <summary>
/// Whether the store lies on a disk of this machine. SQLite's write-ahead log shares memory between processes, which works within one
/// machine alone (sqlite.org/wal.html); on a file system that several machines write to, the store takes a rollback journal and a lease.
/// </summary>
internal static class StoreFileSystem
{
    // What is not known to be local is treated as if it were shared, which is slower and never wrong.
    private static readonly HashSet<string> LocalKinds = new(StringComparer.OrdinalIgnoreCase)
    {
        "ext2", "ext3", "ext4", "xfs", "btrfs", "zfs", "f2fs", "jfs", "reiserfs", "bcachefs", "overlay", "overlayfs", "aufs", "tmpfs", "ramfs", "ntfs", "ntfs3", "fuseblk", "vfat", "exfat",
        "apfs", "hfs", "ufs", "ecryptfs", "bcache", "squashfs", "rootfs",
    };

    /// <summary>Whether a folder lies on a local disk.</summary>
    /// <param name="folder">A folder that exists, as a full path.</param>
    public static bool IsLocal(string folder)
    {
        try
        {
            if (OperatingSystem.IsLinux())
            {
                return LocalKinds.Contains(KindOf(folder, File.ReadLines("/proc/self/mountinfo")) ?? "");
            }

            if (OperatingSystem.IsWindows())
            {
                return !folder.StartsWith(@"\\", StringComparison.Ordinal) && new DriveInfo(Path.GetPathRoot(folder)!).DriveType is DriveType.Fixed or DriveType.Removable or DriveType.Ram;
            }

            return LocalKinds.Contains(new DriveInfo(folder).DriveFormat);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return false;
        }
    }

    /// <summary>The kind of the file system that a path lies on, by Linux's /proc/self/mountinfo (proc(5)): the last of the longest mount points wins.</summary>
    public static string? KindOf(string path, IEnumerable<string> mountInfo)
    {
        string? kind = null;
        int longest = -1;
        foreach (string line in mountInfo)
        {
            // 36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue
            int dash = line.IndexOf(" - ", StringComparison.Ordinal);
            string[] before = line.Split(' ');
            if (dash < 0 || before.Length < 5)
            {
                continue;
            }

            string mount = Unescape(before[4]);
            bool covers = mount == "/" || path == mount || path.StartsWith(mount + "/", StringComparison.Ordinal);
            if (covers && mount.Length >= longest)
            {
                longest = mount.Length;
                kind = line[(dash + 3)..].Split(' ')[0];
            }
        }

        return kind;
    }

    private static string Unescape(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal))
        {
            return text;
        }

        var bytes = new List<byte>();
        byte[] raw = Encoding.UTF8.GetBytes(text);
        for (int i = 0; i < raw.Length; i++)
        {
            if (raw[i] == '\\' && i + 3 < raw.Length)
            {
                bytes.Add(Convert.ToByte(Encoding.ASCII.GetString(raw, i + 1, 3), 8));
                i += 3;
            }
            else
            {
                bytes.Add(raw[i]);
            }
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }
}
