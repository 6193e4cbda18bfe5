using System.Text;
using AtomProNet.Calculations;

namespace AtomProNet.Jobs.Transfer;

/// <summary>Paths within a folder, as they stand in a tar: parts with <c>/</c> in between.</summary>
internal static class RemotePath
{
    /// <summary>Why a path cannot be used; null where it can: it is relative, leads nowhere else, and each part is a name.</summary>
    internal static string? WhyUnusable(string path)
    {
        if (path.Length == 0)
        {
            return "it is empty";
        }

        if (path[0] == '/')
        {
            return "it is absolute";
        }

        if (path.Contains('\0', StringComparison.Ordinal) || path.Contains('\uFFFD', StringComparison.Ordinal))
        {
            return "it is no UTF-8 text";
        }

        foreach (string part in path.Split('/'))
        {
            if (part is "" or "." or "..")
            {
                return part == ".." ? "it leads out of its folder" : "it has an empty part";
            }

            if (Encoding.UTF8.GetByteCount(part) > 255)
            {
                return "a part of it is longer than 255 bytes";
            }
        }

        return null;
    }

    /// <summary>Why a path cannot stand on this computer; null where it can.</summary>
    internal static string? WhyImpossibleHere(string path) => OperatingSystem.IsWindows() ? WhyImpossibleOnWindows(path) : null;

    /// <summary>Why a path cannot stand on a Windows computer: signs that it does not take, a dot or blank at the end, names of devices.</summary>
    internal static string? WhyImpossibleOnWindows(string path) =>
        path.Split('/').Any(p => p.Any(c => c < ' ' || "<>:\"\\|?*".Contains(c, StringComparison.Ordinal)) || p.EndsWith(' ') || p.EndsWith('.')) ? "Windows does not take such a name"
        : path.Split('/').FirstOrDefault(CalculationName.IsReservedOnWindows) is { } device ? $"Windows keeps the name '{device}' for a device"
        : null;

    /// <summary>The path below a folder of this computer.</summary>
    internal static string Below(string folder, string path) => System.IO.Path.Combine([folder, .. path.Split('/')]);
}
