using System.Globalization;
using AtomProNet.Files;
using AtomProNet.Structures;
using CsvHelper;
using CsvHelper.Configuration;

namespace AtomProNet.Formats.EnergyTable;

/// <summary>
/// Writes one line a frame as CSV, for spreadsheets and plots: energies, volume, largest force, pressure, and where the frame comes
/// from. It holds no atoms and cannot be read back.
/// </summary>
internal sealed class EnergyTableWriter : IFrameSetWriter
{
    private static readonly string[] Header =
        ["frame_id", "formula", "atoms", "volume_A3", "energy_eV", "energy_per_atom_eV", "energy_kind", "max_force_eV_per_A", "pressure_GPa", "group", "config_type", "source_file", "source_step"];

    private readonly FileStream lines;
    private readonly CsvWriter csv;
    private int frames;
    private long atoms;

    /// <param name="spoolFile">A name for the file that holds the lines until they are complete.</param>
    public EnergyTableWriter(string spoolFile)
    {
        lines = new(spoolFile, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
        var text = new StreamWriter(lines, new System.Text.UTF8Encoding(false), bufferSize: 1 << 16, leaveOpen: true) { NewLine = "\n" };
        csv = new(text, new CsvConfiguration(CultureInfo.InvariantCulture) { NewLine = "\n" });
        foreach (string name in Header)
        {
            csv.WriteField(name);
        }

        csv.NextRecord();
    }

    public AtomProNetException? WhyCannotHold(Frame frame) => null;

    public void Write(Frame frame, EnergyKind? label)
    {
        double? energy = label is { } kind ? frame.GetEnergy(kind) : null;
        csv.WriteField(frame.Information.TryGetValue("frame_id", out object? id) ? Convert.ToString(id, CultureInfo.InvariantCulture) : null);
        csv.WriteField(frame.Structure.Composition.Formula);
        csv.WriteField(frame.Structure.AtomCount);
        csv.WriteField(frame.Structure.Volume);
        csv.WriteField(energy);
        csv.WriteField(energy / frame.Structure.AtomCount);
        csv.WriteField(label?.ToString());
        csv.WriteField(frame.MaximumForce);
        csv.WriteField(frame.Stress?.Pressure * PhysicalConstants.ElectronvoltPerCubicAngstromInGigapascal);
        csv.WriteField(frame.GroupId);
        csv.WriteField(frame.ConfigType);
        csv.WriteField(frame.Source?.File);
        csv.WriteField(frame.Source?.Step);
        csv.NextRecord();
        frames++;
        atoms += frame.Structure.AtomCount;
    }

    public IReadOnlyList<WrittenFrames> Complete(AtomicFileSet files, string path)
    {
        csv.Flush();
        using var target = new HashingStream(files.Add(path));
        lines.Position = 0;
        lines.CopyTo(target);
        return [new(path, null, frames, atoms, target.Length, target.HashText(), [])];
    }

    public void Dispose()
    {
        Abandoned.Close(csv);
        Abandoned.Close(lines);
    }
}
