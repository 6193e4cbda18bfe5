using System.Management.Automation;
using AtomProNet.Evaluation;
using AtomProNet.Evaluation.Elasticity;
using AtomProNet.PS.Hosting;
using AtomProNet.Structures;
using AtomProNet.Structures.Symmetry;

namespace AtomProNet.PS.Evaluation;

/// <summary>Fits the elastic constants of a crystal to the stresses of its strained copies.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "ElasticConstant", HelpUri = HelpPages.Root + "Measure-ElasticConstant.md")]
[OutputType(typeof(ElasticConstants))]
public sealed class MeasureElasticConstantCommand : PSCmdlet
{
    private readonly List<Frame> _frames = [];

    /// <summary>Frames with stress of strained copies of one or more crystals (New-StrainSeries -Mode Elastic).</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [Alias("Frame")]
    public Frame InputObject { get; set; } = null!;

    /// <summary>The unstrained structure, or a frame of it. Default: the unstrained frame, or what the frames' provenance tells.</summary>
    [Parameter(Position = 0)]
    public object? Reference { get; set; }

    /// <summary>Which frames are taken where both are there: Clamped (fractional coordinates as strained) or Relaxed (the last step of each file).</summary>
    [Parameter]
    public IonRelaxation? Ions { get; set; }

    /// <summary>Infinitesimal (default): U − 1 against the Cauchy stress; GreenLagrange: the finite strain against the second Piola–Kirchhoff stress.</summary>
    [Parameter]
    public StrainMeasure Measure { get; set; }

    /// <summary>Fits all 21 constants, whatever the symmetry.</summary>
    [Parameter]
    public SwitchParameter IgnoreSymmetry { get; set; }

    /// <summary>How far an atom may be from where a symmetry operation puts it, in Å. Default 0.01.</summary>
    [Parameter]
    [ValidateRange(1e-8, 1.0)]
    [Numbers]
    public double SymmetryTolerance { get; set; } = CrystalSymmetry.DefaultTolerance;

    /// <summary>Leaves out frames that are strained further than this (largest component, engineering shears).</summary>
    [Parameter]
    [ValidateRange(1e-8, 1.0)]
    [Numbers]
    public double? MaximumStrain { get; set; }

    protected override void ProcessRecord() => _frames.Add(InputObject);

    protected override void EndProcessing()
    {
        ElasticOptions options;
        try
        {
            options = new()
            {
                Reference = ReferenceStructure(),
                Ions = Ions,
                Measure = Measure,
                IgnoreSymmetry = IgnoreSymmetry,
                SymmetryTolerance = SymmetryTolerance,
                MaximumStrain = MaximumStrain,
            };
        }
        catch (AtomProNetException e)
        {
            ThrowTerminatingError(ErrorRecords.From(e, Reference));
            return;
        }

        foreach (FrameSeries series in FrameSeries.Split(_frames))
        {
            try
            {
                ElasticConstants result = ElasticConstants.Fit(series, options);
                foreach (Finding finding in result.Findings)
                {
                    if (finding.Severity == FindingSeverity.Information)
                    {
                        WriteVerbose(finding.ToString());
                    }
                    else
                    {
                        WriteWarning(finding.ToString());
                    }
                }

                WriteObject(result);
            }
            catch (Exception e) when (ErrorRecords.IsItemError(e))
            {
                WriteError(ErrorRecords.From(e, series.Name));
            }
        }
    }

    private Structure? ReferenceStructure() => (Reference is PSObject wrapped ? wrapped.BaseObject : Reference) switch
    {
        null => null,
        Structure structure => structure,
        Frame frame => frame.Structure,
        object other => throw new AtomProNetException(ErrorKind.InvalidArgument, "ElasticReferenceUnknown", "The reference is neither a structure nor a frame.", value: other.ToString(), remedy: "Give the unstrained structure, such as the one that New-StrainSeries was given."),
    };
}
