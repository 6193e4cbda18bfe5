using System.Collections.Immutable;
using AtomProNet.Calculations;
using AtomProNet.Vasp.Inputs;

namespace AtomProNet.Vasp.Outputs;

/// <summary>VASP: its result files, its verdicts.</summary>
public sealed class VaspCode : IDftCode
{
    private static readonly string[] Inputs = ["INCAR", "POTCAR", "POTCAR.spec"];

    /// <inheritdoc/>
    public string Code => "VASP";

    /// <inheritdoc/>
    public ImmutableArray<string> ScratchFiles => ["WAVECAR", "CHGCAR", "CHG", "AECCAR?", "WAVEDER", "TMPCAR", "LOCPOT", "vaspwave.h5"];

    /// <inheritdoc/>
    public bool IsResultName(string fileName) => VaspFileNames.IsOutcar(fileName) || VaspFileNames.IsVasprun(fileName);

    /// <inheritdoc/>
    public DftResult? FindResult(string file)
    {
        ArgumentNullException.ThrowIfNull(file);
        string name = Path.GetFileName(file);
        string? folder = Path.GetDirectoryName(file);
        bool isOutcar = VaspFileNames.IsOutcar(name);
        if (!isOutcar && !VaspFileNames.IsVasprun(name))
        {
            return null;
        }

        // OUTCAR.3 and vasprun.xml.3 are of one run, zipped or not.
        string suffix = name[(isOutcar ? "OUTCAR" : "vasprun.xml").Length..];
        string other = (isOutcar ? "vasprun.xml" : "OUTCAR") + suffix;
        string bare = suffix.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? other[..^3] : other + ".gz";
        string? partner = folder is null ? null : Existing(Path.Combine(folder, other)) ?? Existing(Path.Combine(folder, bare));
        (string? outcar, string? vasprun) = isOutcar ? (file, partner) : (partner, file);
        return (outcar, vasprun) switch
        {
            (not null, not null) => new("VASP", outcar, [outcar, vasprun], () => VaspResultReader.Open(outcar, vasprun)),
            (not null, null) => new("VASP", outcar, [outcar], () => OutcarReader.Open(outcar)),
            _ => new("VASP", vasprun!, [vasprun!], () => VasprunReader.Open(vasprun!)),
        };
    }

    /// <inheritdoc/>
    public bool IsCalculation(string folder)
    {
        try
        {
            return Directory.EnumerateFiles(folder).Any(f => Path.GetFileName(f) is var name && (IsResultName(name) || Inputs.Contains(name, StringComparer.Ordinal)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public CalculationVerdict Judge(string path, CancellationToken cancellation = default) => VaspJudge.Judge(path, cancellation);

    /// <inheritdoc/>
    public RestartInput PlanRestart(string folder, ImmutableArray<RestartChange> changes) => VaspRestartInput.Plan(folder, changes);

    private static string? Existing(string path) => File.Exists(path) ? path : null;
}
