using System.Management.Automation;
using AtomProNet.Generation;
using AtomProNet.PS.Hosting;
using AtomProNet.Structures;

namespace AtomProNet.PS.Generation;

/// <summary>Cuts slabs out of crystals, in the convention of ASE's surface.</summary>
[Cmdlet(VerbsCommon.New, "SurfaceSlab", HelpUri = HelpPages.Root + "New-SurfaceSlab.md")]
[OutputType(typeof(Structure))]
public sealed class NewSurfaceSlabCommand : PSCmdlet
{
    /// <summary>The crystal, in its conventional cell; a frame gives its structure.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("InputObject")]
    public Structure Structure { get; set; } = null!;

    /// <summary>The Miller indices of the surface, three whole numbers, in terms of the given cell.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateCount(3, 3)]
    [Numbers(AreTriple = true)]
    public int[] MillerIndex { get; set; } = [];

    /// <summary>The number of layers, each a whole repetition of the cell. Default 4.</summary>
    [Parameter(Position = 1)]
    [Numbers(AreWhole = true)]
    public int Layers { get; set; } = 4;

    /// <summary>The vacuum on each side, Å. Default 10.</summary>
    [Parameter(Position = 2)]
    [Numbers]
    public double Vacuum { get; set; } = 10;

    /// <summary>Counts the slab as periodic along the normal, too.</summary>
    [Parameter]
    public SwitchParameter Periodic { get; set; }

    protected override void ProcessRecord()
    {
        try
        {
            Structure slab = SurfaceSlab.Build(Structure, MillerIndex[0], MillerIndex[1], MillerIndex[2], Layers, Vacuum, Periodic);
            if (SurfaceSlab.Inspect(Structure) is { } finding)
            {
                WriteWarning(finding.ToString());
            }

            WriteObject(slab);
        }
        catch (Exception e) when (ErrorRecords.IsItemError(e))
        {
            WriteError(ErrorRecords.From(e, Structure));
        }
    }
}
