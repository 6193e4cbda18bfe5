using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;

namespace AtomProNet.Datasets.Leaks;

/// <summary>A leak report as CSV, nearest frames first: part, the frame and its source, distance, the training frame and its source.</summary>
public static class LeakTable
{
    private static readonly string[] Header = ["part", "frame", "source_file", "source_step", "distance", "nearest_frame", "nearest_source_file", "nearest_source_step", "same_group"];

    /// <summary>Writes the table; the stream is left open.</summary>
    public static void Write(Stream stream, LeakReport report)
    {
        using var text = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
        using var csv = new CsvWriter(text, new CsvConfiguration(CultureInfo.InvariantCulture) { NewLine = "\n" });
        foreach (string name in Header)
        {
            csv.WriteField(name);
        }

        csv.NextRecord();
        foreach (FrameLeak leak in report.Frames.OrderBy(l => l.Distance).ThenBy(l => l.Frame.Index))
        {
            csv.WriteField(leak.Frame.Part?.ToString().ToLowerInvariant());
            csv.WriteField(leak.Frame.Index);
            csv.WriteField(leak.Frame.Source?.File);
            csv.WriteField(leak.Frame.Source?.Step);
            csv.WriteField(leak.Distance);
            csv.WriteField(leak.Nearest.Index);
            csv.WriteField(leak.Nearest.Source?.File);
            csv.WriteField(leak.Nearest.Source?.Step);
            csv.WriteField(leak.IsSameGroup ? "true" : "false");
            csv.NextRecord();
        }
    }
}
