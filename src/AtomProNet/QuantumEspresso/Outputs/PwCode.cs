using System.Collections.Immutable;
using AtomProNet.Calculations;
using AtomProNet.QuantumEspresso.Inputs;

namespace AtomProNet.QuantumEspresso.Outputs;

/// <summary>Quantum ESPRESSO's pw.x: its result files, its verdicts.</summary>
public sealed class PwCode : IDftCode
{
    /// <inheritdoc/>
    public string Code => "pw.x";

    /// <inheritdoc/>
    public ImmutableArray<string> ScratchFiles => ["wfc*", "charge-density*", "*.wfc?*", "*.mix?*", "*.hub?*", "*.igk?*", "spin-polarization*", "ekin-density*", "*.restart_*"];

    /// <inheritdoc/>
    public bool IsResultName(string fileName) => PwFileNames.IsOutputName(fileName) || PwFileNames.IsXmlName(fileName);

    /// <inheritdoc/>
    public DftResult? FindResult(string file)
    {
        ArgumentNullException.ThrowIfNull(file);
        if (PwFileNames.IsXmlName(Path.GetFileName(file)))
        {
            return PwXmlSearch.FindOutput(file, CancellationToken.None) is { } output
                ? new(Code, output, [output, file], () => PwOutputReader.Open(output))
                : new(Code, file, [file], () => PwXmlReader.Open(file));
        }

        // pw.x leaves the name of its standard output to the user, so that the content decides.
        if (!PwFileNames.IsOutput(file))
        {
            return null;
        }

        string? xml = PwXmlSearch.Find(file, CancellationToken.None).Path;
        return new(Code, file, xml is null ? [file] : [file, xml], () => PwOutputReader.Open(file));
    }

    /// <inheritdoc/>
    public bool IsCalculation(string folder)
    {
        try
        {
            return !IsScratch(folder) && (PwRunFiles.Xml(folder) is not null || Directory.EnumerateFiles(folder).Any(IsOfCalculation));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public IEnumerable<string> FindCalculations(string folder)
    {
        if (!IsCalculation(folder))
        {
            return [];
        }

        IReadOnlyList<string> outputs = PwRunFiles.Latest(folder);
        return outputs.Count > 1 ? outputs.Order(StringComparer.Ordinal) : [folder];
    }

    /// <inheritdoc/>
    public CalculationVerdict Judge(string path, CancellationToken cancellation = default) => PwJudge.Judge(path, cancellation);

    /// <inheritdoc/>
    public RestartInput PlanRestart(string folder, ImmutableArray<RestartChange> changes) => PwRestartInput.Plan(folder, changes);

    private static bool IsOfCalculation(string file) => (PwFileNames.IsOutputName(Path.GetFileName(file)) && PwFileNames.IsOutput(file)) || PwInputFile.IsInput(file);

    /// <summary>A .save folder is where a run keeps its data, not a calculation of its own, as long as that run is at hand.</summary>
    private static bool IsScratch(string folder)
    {
        string? parent = folder.EndsWith(".save", StringComparison.Ordinal) ? Path.GetDirectoryName(folder) : null;
        return parent is not null && new[] { parent, Path.GetDirectoryName(parent) }.OfType<string>().Any(f => Directory.EnumerateFiles(f).Any(IsOfCalculation));
    }
}
