namespace AtomProNet.Tests.Lammps;

/// <summary>The system's LAMMPS with its potentials and KIM models; tests that need what is not there are skipped and say so.</summary>
internal static class SystemLammps
{
    private static readonly string[] Folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);

    public const string Mishin = "EAM_Dynamo_MishinFarkasMehl_1999_Al__MO_651801486679_005";
    public const string SnapSilicon = "SNAP_ZuoChenLi_2019_Si__MO_869330304805_000";
    public const string StillingerWeber = "SW_StillingerWeber_1985_Si__MO_405512056662_005";

    /// <summary>Skips the test unless there is a LAMMPS with these files of potentials (lammps-data) and KIM models (openkim-models).</summary>
    public static void SkipUnlessThere(params string[] needs)
    {
        Assert.SkipUnless(Folders.Any(f => File.Exists(Path.Combine(f, "lmp"))), "There is no lmp on the PATH (Debian: lammps).");
        foreach (string need in needs)
        {
            bool isModel = need.Contains("__MO_", StringComparison.Ordinal);
            string path = isModel ? "/usr/lib/x86_64-linux-gnu/kim-api/portable-models/" + need : "/usr/share/lammps/potentials/" + need;
            Assert.SkipUnless(Path.Exists(path), $"{path} is missing (Debian: {(isModel ? "openkim-models" : "lammps-data")}).");
        }
    }
}
