using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using AtomProNet.Calculations;
using AtomProNet.Files;
using AtomProNet.Formats.Poscar;
using AtomProNet.Structures;

namespace AtomProNet.Vasp.Inputs;

/// <summary>Changes the input of a VASP calculation that begins again.</summary>
internal static class VaspRestartInput
{
    /// <summary>Works the new files out.</summary>
    /// <exception cref="AtomProNetException">INCAR or CONTCAR cannot be read.</exception>
    internal static RestartInput Plan(string folder, ImmutableArray<RestartChange> changes)
    {
        var files = ImmutableSortedDictionary.CreateBuilder<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        var applied = ImmutableArray.CreateBuilder<RestartChange>();
        var notApplied = ImmutableArray.CreateBuilder<(RestartChange, string)>();
        Incar? incar = File.Exists(Path.Combine(folder, "INCAR")) ? IncarReader.ReadFile(Path.Combine(folder, "INCAR")) : null;
        bool incarChanged = false;
        Structure? structure = null;
        foreach (RestartChange change in changes)
        {
            switch (change.Target)
            {
                case "INCAR" when incar is null:
                    notApplied.Add((change, "There is no INCAR."));
                    break;
                case "INCAR" when change.Value is null:
                    incar = incar!.Without(change.Key);
                    incarChanged = true;
                    applied.Add(change);
                    break;
                case "INCAR":
                    if (Value(incar!, change) is { } value)
                    {
                        incar = incar!.With(change.Key, value);
                        incarChanged = true;
                        applied.Add(change with { Value = value });
                    }
                    else
                    {
                        notApplied.Add((change, $"The INCAR does not set {change.Key}, so that there is nothing to multiply."));
                    }

                    break;
                case "KPOINTS" when change.Key == "Style":
                    if (GammaCentred(folder, change.Value) is { } text)
                    {
                        files["KPOINTS"] = Encoding.UTF8.GetBytes(text);
                        applied.Add(change);
                    }
                    else
                    {
                        notApplied.Add((change, "The KPOINTS file holds no regular mesh."));
                    }

                    break;
                case "POSCAR" when change.Key == "Geometry":
                    // Byte by byte: velocities and the predictor's coordinates of a dynamics go along.
                    byte[] contcar = SharedFile.ReadAllBytes(Path.Combine(folder, change.Value ?? "CONTCAR"));
                    structure = Continued(folder, contcar);
                    files["POSCAR"] = contcar;
                    applied.Add(change);
                    break;
                case "Job":
                    break;
                default:
                    notApplied.Add((change, $"{change.Target} is no file that is changed here."));
                    break;
            }
        }

        if (incarChanged)
        {
            files["INCAR"] = Encoding.UTF8.GetBytes(incar!.ToText());
        }

        return new()
        {
            Files = files.ToImmutable(),
            Structure = structure,
            Settings = incarChanged ? incar!.ToSettings() : null,
            Applied = applied.ToImmutable(),
            NotApplied = notApplied.ToImmutable(),
        };
    }

    private static Structure Continued(string folder, byte[] contcar)
    {
        string path = Path.Combine(folder, "CONTCAR");
        Structure end = PoscarReader.Read(contcar, path);
        string poscar = Path.Combine(folder, "POSCAR");
        Structure start = PoscarReader.Read(SharedFile.ReadAllBytes(poscar), poscar);
        return end.AtomCount == start.AtomCount && end.Species.SequenceEqual(start.Species)
            ? end
            : throw new AtomProNetException(ErrorKind.InvalidData, "ContcarDoesNotFit", "The CONTCAR holds other atoms than the POSCAR that the run began from.", path, remedy: "Remove it, and restart from the POSCAR.");
    }

    private static string? Value(Incar incar, RestartChange change)
    {
        if (change.Value is not ['×', .. var factor])
        {
            return change.Value;
        }

        if (incar[change.Key]?.AsNumber is not { } present || !double.TryParse(factor, NumberStyles.Float, CultureInfo.InvariantCulture, out double times))
        {
            return null;
        }

        return change.Key == "NBANDS" ? Math.Ceiling(present * times).ToString(CultureInfo.InvariantCulture) : (present * times).ToString("G3", CultureInfo.InvariantCulture);
    }

    /// <summary>The KPOINTS file with another style; null where it is no regular mesh (VASP manual, KPOINTS: the third line tells, by its first letter).</summary>
    private static string? GammaCentred(string folder, string? style)
    {
        string path = Path.Combine(folder, "KPOINTS");
        if (!File.Exists(path))
        {
            return null;
        }

        string[] lines = SharedFile.ReadAllText(path, Encoding.UTF8).ReplaceLineEndings("\n").Split('\n');
        if (lines.Length < 4 || lines[1].Trim() != "0" || lines[2].TrimStart() is not ['M' or 'm' or 'G' or 'g', ..])
        {
            return null;
        }

        lines[2] = style ?? "Gamma";
        return string.Join('\n', lines);
    }
}
