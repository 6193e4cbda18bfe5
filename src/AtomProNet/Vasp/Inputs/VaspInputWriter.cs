using System.Collections.Immutable;
using AtomProNet.Calculations;
using AtomProNet.Files;
using AtomProNet.Formats.Poscar;

namespace AtomProNet.Vasp.Inputs;

/// <summary>Writes the folder of a calculation, whole or not at all.</summary>
public static class VaspInputWriter
{
    /// <summary>Files of an input: what an older one left in a folder goes when a new one comes.</summary>
    private static readonly HashSet<string> InputFiles = new(["POSCAR", "INCAR", "KPOINTS", "POTCAR", "POTCAR.spec", JobScript.FileName, CalculationRecord.FileName], StringComparer.OrdinalIgnoreCase);

    /// <summary>Files that VASP and its schedulers write.</summary>
    private static readonly HashSet<string> Results = new(
        ["OUTCAR", "OSZICAR", "CONTCAR", "vasprun.xml", "vaspout.h5", "XDATCAR", "CHG", "CHGCAR", "WAVECAR", "EIGENVAL", "DOSCAR", "PROCAR", "LOCPOT", "IBZKPT", "PCDAT", "REPORT", "AECCAR0", "AECCAR1", "AECCAR2", "ELFCAR", "ML_AB", "ML_ABN", "ML_FF", "ML_FFN", "ML_LOGFILE", "STOPCAR", "vasp.out", "WAVEDER", "PARCHG", "TMPCAR"],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>Throws where the folder could not be written, without touching anything.</summary>
    /// <exception cref="AtomProNetException">It is there, or it holds results of a run.</exception>
    public static void ThrowIfTaken(string folder, bool force) => AtomicFolder.ThrowIfTaken(folder, force, Judge);

    /// <summary>Writes the folder.</summary>
    /// <param name="plan">What goes into it.</param>
    /// <param name="folder">Where it will stand, as a full path.</param>
    /// <param name="force">Whether an older input may be replaced; a folder with results of a run never is.</param>
    /// <exception cref="AtomProNetException">The folder is there, or it holds results of a run.</exception>
    public static DftInput Write(VaspInputPlan plan, string folder, bool force) => Write(plan, folder, force, open: null);

    /// <summary>For tests: with a way of one's own to open a file, which may fail.</summary>
    internal static DftInput Write(VaspInputPlan plan, string folder, bool force, Func<string, Stream>? open)
    {
        ArgumentNullException.ThrowIfNull(plan);
        using var output = new AtomicFolder(folder, force, Judge, open);
        using (Stream poscar = output.Create("POSCAR"))
        {
            PoscarWriter.Write(poscar, plan.Structure, new() { Comment = PlainText.Of($"{plan.Structure.Composition.Formula} {plan.Name}"), IncludeVelocities = plan.Incar["IBRION"]?.AsInteger == 0 });
        }

        output.WriteAllText("INCAR", plan.Incar.ToText());
        if (plan.KPointMesh is { } mesh)
        {
            output.WriteAllText("KPOINTS", KpointsFile.ToText(mesh, $"{mesh}: {plan.KPoints.Rule}"));
        }

        if (plan.Datasets.Length > 0)
        {
            using Stream potcar = output.Create("POTCAR");
            foreach (PotcarDataset dataset in plan.Datasets)
            {
                dataset.CopyTo(potcar);
            }
        }
        else
        {
            // One name a line, as pymatgen writes and reads it.
            output.WriteAllText("POTCAR.spec", string.Concat(plan.Potentials.Select(p => p.Name + "\n")));
        }

        if (plan.JobScript is { } script)
        {
            output.WriteScript(JobScript.FileName, script);
        }

        output.WriteAllText(CalculationRecord.FileName, plan.Record.ToJson());
        output.Commit();

        return new()
        {
            Code = "VASP",
            Name = plan.Name,
            FolderPath = Path.GetFullPath(folder),
            Files = [.. output.FileNames],
            Structure = plan.Structure,
            JobScript = plan.JobScript is null ? null : JobScript.FileName,
            SiteOrder = plan.SiteOrder,
            Method = plan.Record.Method,
            Findings = plan.Findings,
        };
    }

    private static FormerFile Judge(string name) =>
        InputFiles.Contains(name) ? FormerFile.Replace
        : Results.Contains(Path.GetFileNameWithoutExtension(name)) || Results.Contains(name) || name.StartsWith("slurm-", StringComparison.OrdinalIgnoreCase) ? FormerFile.Refuse
        : FormerFile.Keep;
}
