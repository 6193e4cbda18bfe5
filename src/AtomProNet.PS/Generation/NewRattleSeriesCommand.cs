using System.Management.Automation;
using AtomProNet.Generation;
using AtomProNet.PS.Hosting;
using AtomProNet.Structures;

namespace AtomProNet.PS.Generation;

/// <summary>Makes copies of structures with random displacements, and a random strain of the cell where asked for.</summary>
[Cmdlet(VerbsCommon.New, "RattleSeries", HelpUri = HelpPages.Root + "New-RattleSeries.md")]
[OutputType(typeof(Structure))]
public sealed class NewRattleSeriesCommand : PSCmdlet, IDisposable
{
    private readonly CmdletCancellation _cancellation = new();

    /// <summary>The structure to displace; a frame gives its structure.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("InputObject")]
    public Structure Structure { get; set; } = null!;

    /// <summary>How many copies for each standard deviation. Default 10.</summary>
    [Parameter(Position = 0)]
    [ValidateRange(1, 1_000_000)]
    [Numbers(AreWhole = true)]
    public int Count { get; set; } = 10;

    /// <summary>The standard deviation of each Cartesian component of the displacements, Å; several make a series each. Default 0.05.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [Numbers]
    public double[] StandardDeviation { get; set; } = [0.05];

    /// <summary>The standard deviation of each entry of a random strain of the cell. Default 0: the cell stays.</summary>
    [Parameter]
    [Numbers]
    public double CellStandardDeviation { get; set; }

    /// <summary>The shortest distance of two atoms, as a fraction of the sum of their covalent radii. Default 0.7.</summary>
    [Parameter]
    [Numbers]
    public double MinimumDistance { get; set; } = CovalentContact.DefaultFraction;

    /// <summary>Lets the displacements grow in a Monte Carlo walk that avoids short distances; for large displacements.</summary>
    [Parameter]
    public SwitchParameter MonteCarlo { get; set; }

    /// <summary>The steps of each atom in the walk. Default 10.</summary>
    [Parameter]
    [Numbers(AreWhole = true)]
    public int Iterations { get; set; } = 10;

    /// <summary>The width of the rise of the walk's probability of acceptance, Å. Default 0.1.</summary>
    [Parameter]
    [Numbers]
    public double Width { get; set; } = 0.1;

    /// <summary>Elements whose atoms are displaced. Default: all.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(ElementCompleter))]
    [ValidateNotNull]
    public string[] Element { get; set; } = [];

    /// <summary>The seed of the random numbers. Default 0. The same seed gives the same structures on every machine.</summary>
    [Parameter]
    [Numbers(AreWhole = true)]
    public long Seed { get; set; }

    protected override void ProcessRecord()
    {
        try
        {
            foreach (double deviation in StandardDeviation)
            {
                foreach (Structure rattled in RattleSeries.Make(Structure, Count, Options(deviation), _cancellation.Token))
                {
                    WriteObject(rattled);
                }
            }
        }
        catch (OperationCanceledException) when (_cancellation.Token.IsCancellationRequested)
        {
            // The pipeline is being stopped.
        }
        catch (Exception e) when (ErrorRecords.IsItemError(e))
        {
            WriteError(ErrorRecords.From(e, Structure));
        }
    }

    protected override void StopProcessing() => _cancellation.Stop();

    public void Dispose() => _cancellation.Dispose();

    private RattleOptions Options(double deviation)
    {
        bool walk = MyInvocation.BoundParameters.ContainsKey(nameof(Iterations)) || MyInvocation.BoundParameters.ContainsKey(nameof(Width));
        if (walk && !MonteCarlo)
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "RattleParameterUnused", "-Iterations and -Width belong to the Monte Carlo walk, which was not asked for.", remedy: "Add -MonteCarlo, or leave them out.");
        }

        return new()
        {
            StandardDeviation = deviation,
            CellStandardDeviation = CellStandardDeviation,
            MinimumDistance = new CovalentContact(MinimumDistance),
            IsMonteCarlo = MonteCarlo,
            Iterations = Iterations,
            Width = Width,
            Seed = Seed,
            Elements = Element.Length > 0 ? Element.Select(Structures.Element.FromSymbol).Distinct().ToArray() : null,
        };
    }
}
