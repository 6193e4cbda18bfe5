using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using AtomProNet.Calculations;
using AtomProNet.Files;
using AtomProNet.QuantumEspresso.Outputs;
using AtomProNet.Structures;

namespace AtomProNet.QuantumEspresso.Inputs;

/// <summary>Changes the input of a pw.x calculation that begins again. The text is edited in place, so that all else in it stays as its author wrote it.</summary>
internal static class PwRestartInput
{
    /// <summary>Works the new files out.</summary>
    /// <exception cref="AtomProNetException">The input cannot be read.</exception>
    internal static RestartInput Plan(string folder, ImmutableArray<RestartChange> changes)
    {
        PwInputFile input = PwInputFile.Find(folder, output: null, name: null) ?? throw new AtomProNetException(ErrorKind.NotFound, "PwInputMissing", "There is no input of pw.x in the folder, or more than one.", folder);
        string text = SharedFile.ReadAllText(input.FilePath, Encoding.UTF8);
        bool crlf = text.Contains("\r\n", StringComparison.Ordinal);
        text = text.ReplaceLineEndings("\n");
        string before = text;
        var settings = ImmutableSortedDictionary.CreateBuilder<string, string?>(StringComparer.Ordinal);
        var applied = ImmutableArray.CreateBuilder<RestartChange>();
        var notApplied = ImmutableArray.CreateBuilder<(RestartChange, string)>();
        Structure? structure = null;
        foreach (RestartChange change in changes)
        {
            if (change.Target == "Job")
            {
                continue;
            }

            if (change.Key == "Geometry")
            {
                (string? edited, structure, string? objection) = Continue(text, input, Path.Combine(folder, change.Value ?? "pw.out"));
                if (edited is null)
                {
                    notApplied.Add((change, objection!));
                    continue;
                }

                text = edited;
                applied.Add(change);
            }
            else if (change is { Key: "restart_mode", Value: "'restart'" })
            {
                notApplied.Add((change, "The new try has a folder of its own, without the old one's wavefunctions and densities."));
            }
            else if (change.Value is ['×', ..])
            {
                notApplied.Add((change, $"The input does not set {change.Key}, so that there is nothing to multiply."));
            }
            else if (Set(text, change.Target, change.Key, change.Value) is { } edited)
            {
                text = edited;
                settings[change.Key] = change.Value;
                applied.Add(change);
            }
            else
            {
                notApplied.Add((change, $"The input has no namelist &{change.Target}."));
            }
        }

        bool changed = text != before;
        string name = Path.GetFileName(input.FilePath);
        return new()
        {
            Files = changed ? ImmutableSortedDictionary<string, ReadOnlyMemory<byte>>.Empty.Add(name, Encoding.UTF8.GetBytes(crlf ? text.Replace("\n", "\r\n", StringComparison.Ordinal) : text)) : ImmutableSortedDictionary<string, ReadOnlyMemory<byte>>.Empty,
            Structure = structure,
            Settings = settings.Count == 0 ? null : Merged(folder, settings),
            Applied = applied.ToImmutable(),
            NotApplied = notApplied.ToImmutable(),
        };
    }

    /// <summary>The input with a variable set in a namelist (null: removed); null where there is no such namelist.</summary>
    internal static string? Set(string text, string namelist, string key, string? value)
    {
        Match head = Regex.Match(text, $@"^[ \t]*&{Regex.Escape(namelist)}\b", RegexOptions.IgnoreCase | RegexOptions.Multiline | RegexOptions.CultureInvariant);
        int start = head.Index + head.Length, end = head.Success ? NamelistEnd(text, start) : -1;
        if (end < 0)
        {
            return null;
        }

        string body = text[start..end];
        // Inside quotation marks and comments the same letters mean nothing.
        string pattern = $@"(?<![\w'""%]){Regex.Escape(key)}[ \t]*=[ \t]*('(?:[^']|'')*'|""[^""]*""|[^,\s!/'""]+)(?:[ \t]*,)?";
        string[] lines = body.Split('\n');
        bool found = false;
        for (int i = 0; i < lines.Length; i++)
        {
            int comment = Unquoted(lines[i]);
            string code = lines[i][..comment];
            if (Regex.Match(code, pattern, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant) is { Success: true } m)
            {
                bool comma = m.Value.TrimEnd().EndsWith(',');
                string replacement = found || value is null ? "" : $"{key} = {value}{(comma ? "," : "")}";
                lines[i] = code[..m.Index] + replacement + code[(m.Index + m.Length)..] + lines[i][comment..];
                found = true;
            }
        }

        body = string.Join('\n', lines);
        if (!found && value is not null)
        {
            // Before the line of the slash, or on a line of its own between the last entry and the slash.
            int last = body.LastIndexOf('\n') + 1;
            body = last > 0 && string.IsNullOrWhiteSpace(body[last..]) ? $"{body[..last]}  {key} = {value}\n{body[last..]}" : $"{body}\n  {key} = {value}\n";
        }

        return text[..start] + body + text[end..];
    }

    /// <summary>Where the slash stands that ends a namelist; below 0 where there is none. It may stand behind the last entry, but neither quoted nor in a comment.</summary>
    private static int NamelistEnd(string text, int start)
    {
        char quote = '\0';
        for (int i = start; i < text.Length; i++)
        {
            char c = text[i];
            if (quote != '\0')
            {
                quote = c == quote ? '\0' : quote;
            }
            else if (c is '\'' or '"')
            {
                quote = c;
            }
            else if (c == '/')
            {
                return i;
            }
            else if (c == '!')
            {
                int line = text.IndexOf('\n', i);
                i = line < 0 ? text.Length : line;
            }
        }

        return -1;
    }

    private static int Unquoted(string line)
    {
        char quote = '\0';
        for (int i = 0; i < line.Length; i++)
        {
            if (quote != '\0')
            {
                quote = line[i] == quote ? '\0' : quote;
            }
            else if (line[i] is '\'' or '"')
            {
                quote = line[i];
            }
            else if (line[i] == '!')
            {
                return i;
            }
        }

        return line.Length;
    }

    /// <summary>The input with the geometry of the last good step of an output.</summary>
    private static (string? Text, Structure? Structure, string? Objection) Continue(string text, PwInputFile input, string output)
    {
        if (!File.Exists(output))
        {
            return (null, null, "The output is not there.");
        }

        Frame? last = null;
        using (PwOutputReader reader = PwOutputReader.Open(output))
        {
            foreach (Frame frame in reader.ReadFrames())
            {
                last = frame;
            }
        }

        if (last?.Structure is not { Lattice: { } lattice } structure)
        {
            return (null, null, "The output holds no step that can be trusted.");
        }

        if (input.Number("ibrav") is not (null or 0))
        {
            return (null, null, "The cell is given by ibrav, and is not rewritten.");
        }

        string[] lines = text.Split('\n');
        int positions = Array.FindIndex(lines, l => l.TrimStart().StartsWith("ATOMIC_POSITIONS", StringComparison.OrdinalIgnoreCase));
        int cell = Array.FindIndex(lines, l => l.TrimStart().StartsWith("CELL_PARAMETERS", StringComparison.OrdinalIgnoreCase));
        int count = structure.AtomCount;
        if (positions < 0 || cell < 0 || positions + count >= lines.Length || cell + 3 >= lines.Length)
        {
            return (null, null, "The input does not give cell and positions as cards.");
        }

        // Beside a lattice parameter pw.x takes no cell in Å (Modules/cell_base.f90).
        double? alat = input.Number("celldm(1)") is { } bohr and not 0 ? bohr * PhysicalConstants.BohrInAngstrom : input.Number("A") is { } angstrom and not 0 ? angstrom : null;
        lines[cell] = alat is null ? "CELL_PARAMETERS angstrom" : "CELL_PARAMETERS alat";
        for (int i = 0; i < 3; i++)
        {
            lines[cell + 1 + i] = Row(lattice.Rows[i] * (1 / (alat ?? 1)));
        }

        lines[positions] = "ATOMIC_POSITIONS crystal";
        for (int i = 0; i < count; i++)
        {
            string[] words = lines[positions + 1 + i].Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            string element = structure.Species[i].Symbol;
            if (words.Length < 4 || !words[0].StartsWith(element, StringComparison.OrdinalIgnoreCase))
            {
                return (null, null, $"Line {positions + 2 + i} of the input is not the atom that the output has there ({element}).");
            }

            lines[positions + 1 + i] = string.Join(' ', [words[0], Row(structure.FractionalPositions[i]), .. words[4..]]);
        }

        return (string.Join('\n', lines), structure, null);
    }

    private static ImmutableSortedDictionary<string, string> Merged(string folder, IEnumerable<KeyValuePair<string, string?>> changes)
    {
        ImmutableSortedDictionary<string, string> settings = CalculationRecord.FromFolder(folder)?.Method.Settings ?? ImmutableSortedDictionary<string, string>.Empty.WithComparers(StringComparer.Ordinal);
        foreach ((string key, string? value) in changes)
        {
            settings = value is null ? settings.Remove(key) : settings.SetItem(key, value);
        }

        return settings;
    }

    private static string Row(Vector3D v) => string.Create(CultureInfo.InvariantCulture, $"{v.X:F16} {v.Y:F16} {v.Z:F16}");
}
