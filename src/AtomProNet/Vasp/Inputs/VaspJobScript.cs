using AtomProNet.Calculations;
using AtomProNet.Files;

namespace AtomProNet.Vasp.Inputs;

/// <summary>What a job script needs to know of VASP: its template for Slurm, and which program an input needs.</summary>
public static class VaspJobScript
{
    private static readonly Lazy<JobScript> BuiltIn = new(() => new() { Template = EmbeddedText.Read("AtomProNet.Vasp.Inputs.Data.job-slurm.sh"), NamePrefix = "vasp_" });

    /// <summary>The built-in script, for Slurm: five minutes before the end of the walltime it asks VASP to stop after the present ionic step.</summary>
    public static JobScript Default => BuiltIn.Value;

    /// <summary>The program that an input needs: vasp_ncl with LSORBIT or LNONCOLLINEAR, vasp_gam where Γ is the only point, else vasp_std.</summary>
    public static string ExecutableFor(Incar incar, KPointMesh? mesh)
    {
        ArgumentNullException.ThrowIfNull(incar);
        return incar["LSORBIT"]?.AsLogical == true || incar["LNONCOLLINEAR"]?.AsLogical == true ? "vasp_ncl"
            : mesh is { IsGammaOnly: true } ? "vasp_gam"
            : "vasp_std";
    }

    /// <summary>The script for one calculation.</summary>
    /// <param name="script">The script.</param>
    /// <param name="name">The name of its folder.</param>
    /// <param name="incar">Its INCAR.</param>
    /// <param name="mesh">The mesh of its KPOINTS file; null where VASP makes it.</param>
    public static string ToText(this JobScript script, string name, Incar incar, KPointMesh? mesh)
    {
        ArgumentNullException.ThrowIfNull(script);
        return script.ToText(name, ExecutableFor(incar, mesh));
    }
}
