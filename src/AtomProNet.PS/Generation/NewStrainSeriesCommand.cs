using System.Management.Automation;
using AtomProNet.Generation;
using AtomProNet.PS.Hosting;
using AtomProNet.Structures;

namespace AtomProNet.PS.Generation;

/// <summary>Makes strained copies of structures, one by one as the next command asks for them.</summary>
[Cmdlet(VerbsCommon.New, "StrainSeries", DefaultParameterSetName = RangeSet, HelpUri = HelpPages.Root + "New-StrainSeries.md")]
[OutputType(typeof(Structure))]
public sealed class NewStrainSeriesCommand : PSCmdlet
{
    private const string RangeSet = "Range";
    private const string LimitsSet = "Limits";
    private const string VoigtSet = "Voigt";

    private StrainSeries? _series;

    /// <summary>The structure to strain; a frame gives its structure.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("InputObject")]
    public Structure Structure { get; set; } = null!;

    /// <summary>The largest strain of either sign: 0.1 stands for -10 % to +10 %. A whole number of steps. Default 0.1; for the mode Elastic 0.01.</summary>
    [Parameter(Position = 0, ParameterSetName = RangeSet)]
    [Numbers]
    public decimal? Range { get; set; }

    /// <summary>The lowest strain of a range that is not symmetric.</summary>
    [Parameter(Mandatory = true, ParameterSetName = LimitsSet)]
    [Numbers]
    public decimal From { get; set; }

    /// <summary>The highest strain of a range that is not symmetric.</summary>
    [Parameter(Mandatory = true, ParameterSetName = LimitsSet)]
    [Numbers]
    public decimal To { get; set; }

    /// <summary>The distance between two strains. Default 0.01; for the mode Elastic 0.005.</summary>
    [Parameter(ParameterSetName = RangeSet)]
    [Parameter(ParameterSetName = LimitsSet)]
    [Numbers]
    public decimal? Step { get; set; }

    /// <summary>Which strains: Hydrostatic (default), Uniaxial, Biaxial, Shear, Volumetric, Elastic; several at once are allowed.</summary>
    [Parameter(ParameterSetName = RangeSet)]
    [Parameter(ParameterSetName = LimitsSet)]
    [ValidateNotNull]
    public StrainMode[] Mode { get; set; } = [StrainMode.Hydrostatic];

    /// <summary>The axes of the mode Uniaxial; default all three.</summary>
    [Parameter(ParameterSetName = RangeSet)]
    [Parameter(ParameterSetName = LimitsSet)]
    [ValidateNotNull]
    public StrainAxis[] Axis { get; set; } = [];

    /// <summary>The planes of the modes Biaxial and Shear; default all three.</summary>
    [Parameter(ParameterSetName = RangeSet)]
    [Parameter(ParameterSetName = LimitsSet)]
    [ValidateNotNull]
    public StrainPlane[] Plane { get; set; } = [];

    /// <summary>Strains of one's own: rows xx,yy,zz,yz,xz,xy; the last three are engineering strains, twice the entries of the tensor.</summary>
    [Parameter(Mandatory = true, ParameterSetName = VoigtSet)]
    [Numbers]
    public decimal[][] VoigtStrain { get; set; } = [];

    protected override void BeginProcessing()
    {
        try
        {
            _series = ParameterSetName == VoigtSet ? StrainSeries.OfList(ReadRows()) : ByMode();
        }
        catch (AtomProNetException e)
        {
            ThrowTerminatingError(ErrorRecords.From(e, null));
        }
    }

    protected override void ProcessRecord()
    {
        try
        {
            foreach (Structure strained in _series!.Apply(Structure))
            {
                if (Stopping)
                {
                    return;
                }

                WriteObject(strained);
            }
        }
        catch (Exception e) when (ErrorRecords.IsItemError(e))
        {
            WriteError(ErrorRecords.From(e, Structure));
        }
    }

    private StrainSeries ByMode()
    {
        Forbid(Axis.Length > 0 && !Mode.Contains(StrainMode.Uniaxial), "Axis", "Uniaxial");
        Forbid(Plane.Length > 0 && !Mode.Contains(StrainMode.Biaxial) && !Mode.Contains(StrainMode.Shear), "Plane", "Biaxial or Shear");
        return StrainSeries.ByMode(
            Mode,
            Mode.Any(mode => mode != StrainMode.Elastic) ? Values(StrainSeries.DefaultRange, StrainSeries.DefaultStep) : null,
            Mode.Contains(StrainMode.Elastic) ? Values(StrainSeries.DefaultElasticRange, StrainSeries.DefaultElasticStep) : null,
            Axis,
            Plane);
    }

    // A range or step that was given holds for every mode; the defaults are smaller for the elastic set, which must stay linear.
    private StrainRange Values(decimal defaultRange, decimal defaultStep) => ParameterSetName == LimitsSet
        ? StrainRange.Between(From, To, Step ?? defaultStep)
        : StrainRange.Symmetric(Range ?? defaultRange, Step ?? defaultStep);

    private List<VoigtStrain> ReadRows()
    {
        // A single row of six numbers arrives as six rows of one.
        decimal[][] rows = VoigtStrain.Length == 6 && VoigtStrain.All(row => row.Length == 1) ? [VoigtStrain.Select(row => row[0]).ToArray()] : VoigtStrain;
        return rows.Select(row => AtomProNet.Generation.VoigtStrain.FromList(row)).ToList();
    }

    private static void Forbid(bool given, string parameter, string mode)
    {
        if (given)
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "StrainParameterUnused", $"-{parameter} belongs to the mode {mode}, which was not asked for.", remedy: $"Add -Mode {mode.Split(' ')[0]}, or leave -{parameter} out.");
        }
    }
}
