using System.Management.Automation;
using AtomProNet.Generation;
using AtomProNet.PS.Hosting;
using AtomProNet.Structures;

namespace AtomProNet.PS.Generation;

/// <summary>Repeats structures: along their own lattice vectors, or by any integer matrix.</summary>
[Cmdlet(VerbsCommon.New, "Supercell", DefaultParameterSetName = SizeSet, HelpUri = HelpPages.Root + "New-Supercell.md")]
[OutputType(typeof(Structure))]
public sealed class NewSupercellCommand : PSCmdlet
{
    private const string SizeSet = "Size";
    private const string MatrixSet = "Matrix";

    private IntegerMatrix3x3 _matrix;

    /// <summary>The structure to repeat; a frame gives its structure.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("InputObject")]
    public Structure Structure { get; set; } = null!;

    /// <summary>How many cells along a, b and c; one number stands for all three.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = SizeSet)]
    [ValidateCount(1, 3)]
    [ValidateRange(1, 10_000)]
    [Numbers(AreTriple = true)]
    public int[] Size { get; set; } = [];

    /// <summary>The new lattice vectors in terms of the old ones: three rows of three whole numbers, or nine numbers row by row.</summary>
    [Parameter(Mandatory = true, ParameterSetName = MatrixSet)]
    [Numbers(AreWhole = true)]
    public int[][] Matrix { get; set; } = [];

    protected override void BeginProcessing()
    {
        try
        {
            _matrix = ParameterSetName == MatrixSet ? ReadMatrix() : ReadSize();
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
            WriteObject(Supercell.Build(Structure, _matrix));
        }
        catch (Exception e) when (ErrorRecords.IsItemError(e))
        {
            WriteError(ErrorRecords.From(e, Structure));
        }
    }

    private IntegerMatrix3x3 ReadSize() => Size.Length switch
    {
        1 => IntegerMatrix3x3.Diagonal(Size[0], Size[0], Size[0]),
        3 => IntegerMatrix3x3.Diagonal(Size[0], Size[1], Size[2]),
        _ => throw new AtomProNetException(ErrorKind.InvalidArgument, "SupercellSizeInvalid", "A supercell's size takes three numbers, or one for all three directions.", value: string.Join(",", Size), remedy: "Give it such as 2,2,1."),
    };

    private IntegerMatrix3x3 ReadMatrix()
    {
        // Three rows of three; or nine numbers in a flat list, which arrive as nine rows of one.
        int[] flat = Matrix.SelectMany(row => row).ToArray();
        bool square = (Matrix.Length == 3 && Matrix.All(row => row.Length == 3)) || ((Matrix.Length == 1 || Matrix.All(row => row.Length == 1)) && flat.Length == 9);
        return square ? IntegerMatrix3x3.FromRowMajor(flat) : throw new AtomProNetException(
            ErrorKind.InvalidArgument, "SupercellMatrixInvalid", "A supercell matrix takes three rows of three whole numbers.", value: string.Join("; ", Matrix.Select(row => string.Join(" ", row))), remedy: "Give it such as (1,1,0),(1,-1,0),(0,0,1).");
    }
}
