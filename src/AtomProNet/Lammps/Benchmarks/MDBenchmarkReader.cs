using System.Globalization;
using System.Text.RegularExpressions;
using AtomProNet.Calculations;
using AtomProNet.Files;
using AtomProNet.Lammps.Outputs;

namespace AtomProNet.Lammps.Benchmarks;

/// <summary>What is known of ave/time files from elsewhere.</summary>
/// <param name="WallTime">The wall time after which the run ended; the paper's is one hour.</param>
/// <param name="TimeStep">The time step, fs; the paper's is 0.1.</param>
/// <param name="AtomsPerCell">The number of atoms of the cell that was repeated; null where it is not known.</param>
/// <param name="CpuCount">The number of CPUs.</param>
public sealed record AverageFileFacts(TimeSpan WallTime, double TimeStep = 0.1, int? AtomsPerCell = null, int CpuCount = 1);

/// <summary>Reads the speed of runs from LAMMPS logs, and from files that fix ave/time wrote ("step time").</summary>
public static partial class MDBenchmarkReader
{
    /// <summary>Reads a file.</summary>
    /// <param name="file">A log, or a file of lines "step time".</param>
    /// <param name="facts">What is known of the latter from elsewhere.</param>
    /// <exception cref="AtomProNetException">It is neither, is cut before the first run ended, or contradicts what is known.</exception>
    public static MDBenchmark Read(string file, AverageFileFacts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        using (var reader = new StreamReader(SharedFile.OpenRead(file)))
        {
            for (string? line = reader.ReadLine(); line is not null; line = reader.ReadLine())
            {
                if (line.Trim().Length > 0 && !line.StartsWith('#'))
                {
                    return Row().IsMatch(line) ? ReadAverages(file, facts) : ReadLog(file);
                }
            }
        }

        throw new AtomProNetException(ErrorKind.InvalidData, "BenchmarkFileEmpty", "The file holds neither a LAMMPS log nor lines of step and time.", file, remedy: "The run did not begin: look at its error output.");
    }

    private static MDBenchmark ReadLog(string file)
    {
        LammpsLog log = LammpsLog.Read(file);
        // The dynamics: a minimisation has steps of no time, and a run of 0 steps has no speed.
        if (log.Loops.LastOrDefault(l => !l.IsMinimisation && l.Steps > 0) is not { } loop)
        {
            throw log.Error ?? new AtomProNetException(
                ErrorKind.InvalidData, "BenchmarkNotFinished", log.Version is null ? "This is no log of LAMMPS." : "The log holds no finished run of dynamics.", file, remedy: log.Version is null ? "Give a log.lammps, or a file of averages with lines of step and time." : "Let the run end by itself (-Steps, -Duration of New-MDBenchmark).");
        }

        LammpsUnits units = LammpsUnits.Of(log.Units ?? throw new AtomProNetException(ErrorKind.InvalidData, "LammpsUnitsUnknown", "The log does not tell its units.", file));
        IReadOnlyDictionary<string, string> told = Path.GetDirectoryName(Path.GetFullPath(file)) is { } folder && CalculationRecord.FromFolder(folder) is { } record ? record.Method.Settings : new Dictionary<string, string>();
        double step = (log.TimeStep ?? (units.Name == "metal" ? 0.001 : 1.0)) * units.TimeInPicosecond * 1e3;
        return new()
        {
            Potential = told.GetValueOrDefault("potential") ?? log.PairStyle?.Split(' ')[0] ?? "unknown",
            Size = Told("benchmark_size") ?? SizeOf(file),
            AtomCount = loop.Atoms,
            CpuCount = loop.Processes * (loop.Threads ?? 1),
            RequestedCpuCount = Told("benchmark_cpus"),
            ChargeInterval = Told("charge_interval"),
            Steps = loop.Steps,
            // The digits that the input had: 0.0001 ps is 0.1 fs.
            TimeStep = Math.Round(step, 12),
            WallTime = loop.Seconds > 0 ? loop.Seconds : throw new AtomProNetException(ErrorKind.InvalidData, "BenchmarkTooShort", "The run took no time that LAMMPS could measure.", file, loop.Line, remedy: "Run more steps."),
            Source = file,
        };

        int? Told(string key) => told.TryGetValue(key, out string? text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
    }

    // The last whole line counts: a run that was killed leaves half a line.
    private static MDBenchmark ReadAverages(string file, AverageFileFacts facts)
    {
        (long Step, double Time)? last = null;
        long number = 0;
        string text = SharedFile.ReadAllText(file);
        foreach (ReadOnlySpan<char> line in text.AsSpan(0, text.LastIndexOf('\n') + 1).EnumerateLines())
        {
            number++;
            if (line.IsWhiteSpace() || line[0] == '#')
            {
                continue;
            }

            Match row = Row().Match(line.ToString());
            if (!row.Success || !long.TryParse(row.Groups[1].Value, NumberStyles.None, CultureInfo.InvariantCulture, out long step) || !double.TryParse(row.Groups[2].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double time))
            {
                throw new AtomProNetException(ErrorKind.InvalidData, "BenchmarkLineInvalid", "A line is not a step and a time.", file, number, line.ToString());
            }

            last = (step, time);
        }

        if (last is not { Step: > 0 } end)
        {
            throw new AtomProNetException(ErrorKind.InvalidData, "BenchmarkNotFinished", "The file holds no step.", file);
        }

        // Times are in ps (metal) or fs (real): with the known time step only one of the two fits.
        double perStep = end.Time / end.Step;
        if (Math.Abs(perStep / (facts.TimeStep * 1e-3) - 1) > 0.01 && Math.Abs(perStep / facts.TimeStep - 1) > 0.01)
        {
            throw new AtomProNetException(ErrorKind.InvalidData, "BenchmarkTimeStepContradicts", string.Create(CultureInfo.InvariantCulture, $"The times of the file go by {perStep:G6} a step, which is no {facts.TimeStep} fs, neither in ps nor in fs."), file, remedy: "Give the time step of the run in fs (-TimeStep).");
        }

        int? size = SizeOf(file);
        return new()
        {
            Potential = Path.GetFileNameWithoutExtension(file) is var name && NamedAverage().Match(name) is { Success: true } match ? match.Groups[1].Value : name,
            Size = size,
            AtomCount = facts.AtomsPerCell is { } cell && size is { } g ? (long)cell * g * g * g : null,
            CpuCount = facts.CpuCount,
            Steps = end.Step,
            TimeStep = facts.TimeStep,
            WallTime = facts.WallTime.TotalSeconds,
            Source = file,
        };
    }

    // 10x10x10 in the name of the file, else of its folder.
    private static int? SizeOf(string file)
    {
        foreach (string? name in new[] { Path.GetFileName(file), Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(file))) })
        {
            if (name is not null && Cube().Match(name) is { Success: true } match && match.Groups[1].Value == match.Groups[2].Value && match.Groups[1].Value == match.Groups[3].Value)
            {
                return int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
            }
        }

        return null;
    }

    [GeneratedRegex(@"^\s*(\d+)\s+([\d.]+(?:[eE][+-]?\d+)?)\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex Row();

    [GeneratedRegex(@"(?<!\d)(\d{1,4})x(\d{1,4})x(\d{1,4})(?!\d)", RegexOptions.CultureInvariant)]
    private static partial Regex Cube();

    [GeneratedRegex(@"^([A-Za-z0-9]+)_comp_perf_", RegexOptions.CultureInvariant)]
    private static partial Regex NamedAverage();
}
