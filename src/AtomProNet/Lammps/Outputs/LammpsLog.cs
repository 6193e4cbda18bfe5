using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using AtomProNet.Files;

namespace AtomProNet.Lammps.Outputs;

/// <summary>One finished run or minimisation in a log.</summary>
/// <param name="Seconds">The loop time, s.</param>
/// <param name="Processes">The number of MPI processes; where the threads are not told, that of MPI processes times threads.</param>
/// <param name="Threads">The number of OpenMP threads of each, where it is told.</param>
/// <param name="Steps">The number of steps.</param>
/// <param name="Atoms">The number of atoms.</param>
/// <param name="NanosecondsPerDay">The printed performance; null where none was printed (a minimisation, other units).</param>
/// <param name="StepsPerSecond">The printed performance; null where none was printed.</param>
/// <param name="IsMinimisation">Whether it was a minimisation.</param>
/// <param name="Line">Where it stands in the log, counted from 1.</param>
public sealed record LammpsLoop(double Seconds, int Processes, int? Threads, long Steps, long Atoms, double? NanosecondsPerDay, double? StepsPerSecond, bool IsMinimisation, long Line)
{
    /// <summary>Why a minimisation ended, in LAMMPS's words; null where it is not told.</summary>
    public string? StoppingCriterion { get; init; }

    /// <summary>Whether the last line of thermodynamic output before it held numbers alone, no nan or inf.</summary>
    public bool IsFinite { get; init; } = true;

    /// <summary>Whether a minimisation reached a tolerance (true), or its steps were used up (false); null where the energy fell no more before that, and for dynamics.</summary>
    public bool? IsRelaxed => StoppingCriterion switch
    {
        "energy tolerance" or "force tolerance" or "forces are zero" => true,
        "max iterations" or "max iterations with v.f negative" or "max force evaluations" => false,
        _ => null,
    };
}

/// <summary>What a log.lammps says of its runs. Immutable.</summary>
public sealed partial record LammpsLog
{
    /// <summary>The file.</summary>
    public required string File { get; init; }

    /// <summary>The version, such as <c>29 Sep 2021 - Update 2</c>; null where it is not told.</summary>
    public string? Version { get; init; }

    /// <summary>The unit style of the last input; null where it is not told.</summary>
    public string? Units { get; init; }

    /// <summary>The pair style of the last input; null where it is not told.</summary>
    public string? PairStyle { get; init; }

    /// <summary>The time step as the last input set it, in its units; null where it is the default.</summary>
    public double? TimeStep { get; init; }

    /// <summary>The finished runs, in order.</summary>
    public ImmutableArray<LammpsLoop> Loops { get; init; } = [];

    /// <summary>Whether the log ends as a finished LAMMPS does (Total wall time).</summary>
    public bool IsFinished { get; init; }

    /// <summary>LAMMPS's error, where it stopped with one.</summary>
    public AtomProNetException? Error => Stop?.Exception;

    /// <summary>The same, with where it stands.</summary>
    internal LammpsError? Stop { get; init; }

    /// <summary>Reads a log.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static LammpsLog Read(string file)
    {
        string text = SharedFile.ReadAllText(file);
        return Parse(text, file);
    }

    internal static LammpsLog Parse(string text, string file)
    {
        var log = new LammpsLog { File = file, Stop = LammpsError.Find(text, file: file) };
        var loops = ImmutableArray.CreateBuilder<LammpsLoop>();
        bool minimising = false;
        string before = "";
        long number = 0;
        foreach (ReadOnlySpan<char> raw in text.AsSpan().EnumerateLines())
        {
            number++;
            string line = raw.ToString();
            if (loops.Count > 0 && loops[^1].Threads is null && Usage().Match(line) is { Success: true } usage)
            {
                // "on 4 procs" counts 2 tasks of 2 threads each as 4.
                loops[^1] = loops[^1] with { Processes = Number(usage, 1), Threads = Number(usage, 2) };
            }

            if (Loop().Match(line) is { Success: true } loop)
            {
                loops.Add(new(double.Parse(loop.Groups[1].Value, CultureInfo.InvariantCulture), Number(loop, 2), null, long.Parse(loop.Groups[3].Value, CultureInfo.InvariantCulture), long.Parse(loop.Groups[4].Value, CultureInfo.InvariantCulture), null, null, minimising, number) { IsFinite = !NotANumber().IsMatch(before) });
                minimising = false;
            }
            else if (loops.Count > 0 && Criterion().Match(line) is { Success: true } criterion)
            {
                loops[^1] = loops[^1] with { StoppingCriterion = criterion.Groups[1].Value };
            }
            else if (loops.Count > 0 && Performance().Match(line) is { Success: true } performance)
            {
                loops[^1] = loops[^1] with { NanosecondsPerDay = Real(performance, 1), StepsPerSecond = Real(performance, 2) };
            }
            else if (Heading().Match(line) is { Success: true } heading)
            {
                log = log with { Version = heading.Groups[1].Value };
            }
            else if (Command().Match(line) is { Success: true } command)
            {
                string value = command.Groups[2].Value.Trim();
                switch (command.Groups[1].Value)
                {
                    case "units":
                        // LAMMPS begins anew with the default time step.
                        log = log with { Units = value, TimeStep = null };
                        break;
                    case "kim":
                        // kim init MODEL metal
                        log = value.Split(' ', StringSplitOptions.RemoveEmptyEntries) is ["init", var model, var units, ..] ? log with { Units = units, PairStyle = "kim " + model, TimeStep = null } : log;
                        break;
                    case "pair_style":
                        log = log with { PairStyle = value };
                        break;
                    case "timestep":
                        log = double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double step) ? log with { TimeStep = step } : log;
                        break;
                    case "minimize":
                        minimising = true;
                        break;
                    default:
                        minimising = false;
                        break;
                }
            }
            else if (line.StartsWith("Total wall time:", StringComparison.Ordinal))
            {
                log = log with { IsFinished = true };
            }

            before = line;
        }

        return log with { Loops = loops.ToImmutable() };
    }

    private static int Number(Match match, int group) => int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    private static double? Real(Match match, int group) => match.Groups[group].Success ? double.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture) : null;

    [GeneratedRegex(@"^Loop time of ([\d.eE+-]+) on (\d+) procs for (\d+) steps with (\d+) atoms", RegexOptions.CultureInvariant)]
    private static partial Regex Loop();

    [GeneratedRegex(@"^Performance: (?:([\d.eE+-]+) ns/day, [\d.eE+-]+ hours/ns, )?(?:[\d.eE+-]+ \w+/\w+, )?([\d.eE+-]+) timesteps/s", RegexOptions.CultureInvariant)]
    private static partial Regex Performance();

    [GeneratedRegex(@"^\s*Stopping criterion = (.+?)\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex Criterion();

    [GeneratedRegex(@"(?<![\w.])[+-]?(?:nan|inf)\b", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex NotANumber();

    [GeneratedRegex(@"CPU use with (\d+) MPI tasks? x (\d+) OpenMP threads?", RegexOptions.CultureInvariant)]
    private static partial Regex Usage();

    [GeneratedRegex(@"^LAMMPS \(([^)]*)\)", RegexOptions.CultureInvariant)]
    private static partial Regex Heading();

    [GeneratedRegex(@"^\s*(units|kim|pair_style|timestep|minimize|run)\s+(.*?)(?:#.*)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Command();
}
