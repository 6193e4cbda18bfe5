using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using AtomProNet.Files;
using AtomProNet.Lammps.Inputs;
using AtomProNet.Lammps.Outputs;
using AtomProNet.Lammps.Potentials;
using AtomProNet.Structures;

namespace AtomProNet.Lammps.Running;

/// <summary>One folder, one LAMMPS process after the other until every frame of a batch is labelled or has failed.</summary>
internal sealed class LammpsBatch(LammpsExecutable executable, LammpsPotential potential, PredictionOptions options, IReadOnlyList<(int Index, Frame Frame)> frames, CancellationToken cancellation)
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    internal List<PredictionResult> Run()
    {
        string folder = Directory.CreateTempSubdirectory("atompronet-lammps-").FullName;
        try
        {
            return RunIn(folder);
        }
        finally
        {
            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // A scanner may still look into what LAMMPS has written; what is left lies among the temporary files, and the results count.
            }
        }
    }

    private List<PredictionResult> RunIn(string folder)
    {
        var results = new List<PredictionResult>();
        var jobs = new List<Job>();
        foreach ((int index, Frame frame) in frames)
        {
            try
            {
                jobs.Add(Prepare(folder, jobs.Count, index, frame));
            }
            catch (AtomProNetException e)
            {
                results.Add(new(index, frame, null, e));
            }
        }

        for (int done = 0; done < jobs.Count;)
        {
            int before = done;
            (int exitCode, string said) = Start(folder, jobs, done);
            string log = Text(folder, BatchScript.LogName);
            string? version = LammpsLog.Parse(log.Length > 4096 ? log[..4096] : log, "").Version;
            Dictionary<int, double[]> finished = Results(folder);
            while (done < jobs.Count && finished.TryGetValue(done, out double[]? numbers) && File.Exists(Path.Combine(folder, BatchScript.DumpName(done))))
            {
                results.Add(Read(folder, done, jobs[done], numbers, version));
                done++;
            }

            if (done == jobs.Count)
            {
                break;
            }

            if (exitCode == 0 && done > before)
            {
                // A line of the results may have been cut by a disk that is full; what follows is begun anew.
                continue;
            }

            Job failed = jobs[done];
            LammpsError error = LammpsError.Find(log, failed.Subject) ?? LammpsError.Find(said, failed.Subject) ?? LammpsError.Silent(exitCode, said, failed.Subject);
            if (error.ConcernsAll && done == 0 && failed.Index == frames[0].Index)
            {
                throw error.Exception;
            }

            results.Add(new(failed.Index, failed.Frame, null, error.Exception));
            done++;
        }

        return [.. results.OrderBy(r => r.Index)];
    }

    private Job Prepare(string folder, int number, int index, Frame frame)
    {
        LammpsBox box = LammpsBox.Of(frame.Structure);
        TypeOrder types = potential.TypesOf([frame.Structure]);
        ImmutableArray<double>? charges = potential.HasCharges ? LammpsDataWriter.StartCharges(frame.Structure) : null;
        File.WriteAllText(Path.Combine(folder, BatchScript.DataName(number)), LammpsDataWriter.ToText(box, types, charges, frame.Structure.Name ?? frame.Structure.Composition.Formula), Utf8);
        return new(index, frame, box, types);
    }

    private (int ExitCode, string Said) Start(string folder, List<Job> jobs, int first)
    {
        var script = new StringBuilder();
        for (int i = first; i < jobs.Count; i++)
        {
            BatchScript.Append(script, i, jobs[i].Box, potential, jobs[i].Types, options.Relaxation, options.ForceTolerance);
        }

        File.WriteAllText(Path.Combine(folder, BatchScript.InputName), script.ToString(), Utf8);
        string results = Path.Combine(folder, BatchScript.ResultsName);
        string? potentials = potential.Files.Select(Path.GetDirectoryName).FirstOrDefault(d => d is { Length: > 0 }) ?? LammpsPotential.PotentialFolders().FirstOrDefault(Directory.Exists);
        return executable.Run(folder, BatchScript.InputName, BatchScript.LogName, potentials, () => options.Progress?.Invoke(jobs[0].Index + Lines(results)), cancellation);
    }

    private PredictionResult Read(string folder, int number, Job job, double[] numbers, string? version)
    {
        if (!double.IsFinite(numbers[0]))
        {
            return new(job.Index, job.Frame, null, new(ErrorKind.InvalidData, "EnergyNotFinite", $"LAMMPS's energy of {job.Subject} is not finite.", remedy: "Look for atoms that lie in one place, or nearly touch."));
        }

        try
        {
            LammpsDump dump = LammpsDump.Read(Path.Combine(folder, BatchScript.DumpName(number)), cancellation).First();
            return new(job.Index, job.Frame, ToFrame(job, dump, numbers, version), null);
        }
        catch (AtomProNetException e)
        {
            return new(job.Index, job.Frame, null, e);
        }
    }

    private Frame ToFrame(Job job, LammpsDump dump, double[] numbers, string? version)
    {
        (LammpsBox box, Structure structure, LammpsUnits units) = (job.Box, job.Frame.Structure, potential.Units);
        if (options.Relaxation != Relaxation.None)
        {
            var positions = new Vector3D[dump.AtomCount];
            for (int i = 0; i < positions.Length; i++)
            {
                positions[i] = new(dump[i, "x"], dump[i, "y"], dump[i, "z"]);
            }

            Matrix3x3 rows = new(new(numbers[10], 0, 0), new(numbers[13], numbers[11], 0), new(numbers[14], numbers[15], numbers[12]));
            Structure now = box.TurnBack(rows, new(numbers[7], numbers[8], numbers[9]), positions);
            // A cell that stays is the one that was given, to the last bit.
            structure = Relaxed(options.Relaxation == Relaxation.Ions && structure.Lattice is { } cell ? now.With(lattice: cell) : now, structure);
        }

        var forces = ImmutableArray.CreateBuilder<Vector3D>(dump.AtomCount);
        var charges = ImmutableArray.CreateBuilder<double>(dump.AtomCount);
        bool hasCharges = dump.Has("q");
        for (int i = 0; i < dump.AtomCount; i++)
        {
            forces.Add(box.TurnBack(new Vector3D(dump[i, "fx"], dump[i, "fy"], dump[i, "fz"]) * units.EnergyInElectronvolt));
            if (hasCharges)
            {
                charges.Add(dump[i, "q"]);
            }
        }

        // Pressure xx yy zz xy xz yz, positive under compression; energy density by LAMMPS's own constant.
        double p = -units.EnergyInElectronvolt / units.PressurePerEnergyDensity;
        StressTensor? stress = box.Structure.Periodicity.All
            ? box.TurnBack(new StressTensor(numbers[1] * p, numbers[2] * p, numbers[3] * p, numbers[6] * p, numbers[5] * p, numbers[4] * p))
            : null;
        double shift = structure.Composition.Counts.Sum(c => options.EnergyShifts.Entries.TryGetValue(c.Key, out var entry) ? entry.Energy * c.Value : 0);
        ImmutableSortedDictionary<string, object> information = job.Frame.Information.SetItem(LammpsPrediction.PotentialKey, potential.Name);
        return new Frame(structure)
        {
            UnspecifiedEnergy = numbers[0] * units.EnergyInElectronvolt + shift,
            Forces = forces.MoveToImmutable(),
            Stress = stress,
            Charges = hasCharges ? charges.MoveToImmutable() : null,
            Origin = LabelOrigin.Predicted,
            Method = potential.ToMethod(job.Types.Elements.Where(e => structure.Composition[e] > 0), version, options.EnergyShifts),
            Source = job.Frame.Source,
            ConfigType = job.Frame.ConfigType,
            Weight = job.Frame.Weight,
            Information = shift == 0 ? information : information.SetItem(LammpsPrediction.EnergyShiftKey, shift),
        };
    }

    private Structure Relaxed(Structure now, Structure before) => now.With(provenance: (before.Provenance ?? Provenance.Root("Structure", before.ContentHash)).Derive(
        "Relaxation",
        before.ContentHash,
        [new("potential", potential.ToString()), new("relaxed", options.Relaxation.ToString())]));

    private Dictionary<int, double[]> Results(string folder)
    {
        var found = new Dictionary<int, double[]>();
        foreach (string line in Text(folder, BatchScript.ResultsName).Split('\n'))
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length != 17)
            {
                continue;
            }

            var numbers = new double[16];
            bool whole = int.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out int number);
            for (int i = 0; i < 16 && whole; i++)
            {
                whole = TryParse(words[i + 1], out numbers[i]);
            }

            if (whole)
            {
                found[number] = numbers;
            }
        }

        return found;
    }

    // C prints nan, -nan and inf of energies that have grown beyond all bounds.
    private static bool TryParse(string word, out double number)
    {
        bool isBoundless = word.EndsWith("nan", StringComparison.Ordinal) || word.EndsWith("inf", StringComparison.Ordinal);
        number = double.NaN;
        return isBoundless || double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out number);
    }

    private static int Lines(string file)
    {
        try
        {
            using FileStream stream = SharedFile.OpenRead(file);
            using var reader = new StreamReader(stream);
            return reader.ReadToEnd().Count(c => c == '\n');
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static string Text(string folder, string name) => File.Exists(Path.Combine(folder, name)) ? SharedFile.ReadAllText(Path.Combine(folder, name)) : "";

    private sealed record Job(int Index, Frame Frame, LammpsBox Box, TypeOrder Types)
    {
        // How messages call it.
        internal string Subject => $"frame {Index + 1} ({Frame.Source?.ToString() ?? Frame.Structure.Name ?? Frame.Structure.Composition.Formula})";
    }
}
