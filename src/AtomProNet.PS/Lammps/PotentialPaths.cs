using System.Management.Automation;
using AtomProNet.Lammps.Potentials;

namespace AtomProNet.PS.Lammps;

/// <summary>Finds the files of a potential, and LAMMPS, from the session's location.</summary>
internal static class PotentialPaths
{
    /// <summary>The potential with full paths of files that exist.</summary>
    /// <exception cref="AtomProNetException">A file is not there.</exception>
    public static LammpsPotential Located(PSCmdlet cmdlet, LammpsPotential potential) =>
        potential.Located(file => cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath(file));

    /// <summary>LAMMPS itself: a bare name is looked for on PATH, anything else is a path from the session's location.</summary>
    public static string? Executable(PSCmdlet cmdlet, string? name) =>
        name is null || name == Path.GetFileName(name) ? name : cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath(name);
}
