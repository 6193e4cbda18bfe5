using System.Management.Automation;
using AtomProNet.Evaluation;
using AtomProNet.Evaluation.EquationsOfState;
using AtomProNet.PS.Hosting;
using AtomProNet.Structures;

namespace AtomProNet.PS.Evaluation;

/// <summary>Fits an equation of state E(V): volume, energy and bulk modulus at the minimum, with standard errors.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "EquationOfState", DefaultParameterSetName = FrameSet, HelpUri = HelpPages.Root + "Measure-EquationOfState.md")]
[OutputType(typeof(EquationOfState))]
public sealed class MeasureEquationOfStateCommand : PSCmdlet
{
    private const string FrameSet = "Frame";
    private const string NumberSet = "Number";

    private readonly List<Frame> _frames = [];

    /// <summary>Frames of one or more crystals at several volumes.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = FrameSet)]
    [Alias("Frame")]
    public Frame InputObject { get; set; } = null!;

    /// <summary>Volumes in Å³, instead of frames.</summary>
    [Parameter(Mandatory = true, ParameterSetName = NumberSet)]
    [Numbers]
    public double[] Volume { get; set; } = [];

    /// <summary>Energies in eV, one for each volume.</summary>
    [Parameter(Mandatory = true, ParameterSetName = NumberSet)]
    [Numbers]
    public double[] Energy { get; set; } = [];

    /// <summary>The curve: BirchMurnaghan (default), Vinet, Murnaghan; several at once are allowed.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNull]
    public EquationOfStateForm[] Form { get; set; } = [EquationOfStateForm.BirchMurnaghan];

    /// <summary>Which energy is fitted. Default: the free energy where there is one, else what there is.</summary>
    [Parameter(ParameterSetName = FrameSet)]
    public EnergyKind? EnergyKind { get; set; }

    protected override void ProcessRecord()
    {
        if (ParameterSetName == FrameSet)
        {
            _frames.Add(InputObject);
        }
    }

    protected override void EndProcessing()
    {
        if (ParameterSetName == NumberSet)
        {
            Write(null, form => EquationOfState.Fit(form, Volume, Energy));
            return;
        }

        foreach (FrameSeries series in FrameSeries.Split(_frames))
        {
            Write(series.Name, form => EquationOfState.Fit(series, form, EnergyKind));
        }
    }

    private void Write(string? name, Func<EquationOfStateForm, EquationOfState> fit)
    {
        var told = new HashSet<string>(StringComparer.Ordinal);
        foreach (EquationOfStateForm form in Form)
        {
            try
            {
                EquationOfState result = fit(form);
                foreach (Finding finding in result.Findings)
                {
                    if (told.Add(finding.Code))
                    {
                        WriteWarning(finding.ToString());
                    }
                }

                WriteObject(result);
            }
            catch (Exception e) when (ErrorRecords.IsItemError(e))
            {
                WriteError(ErrorRecords.From(e, name));
            }
        }
    }
}
