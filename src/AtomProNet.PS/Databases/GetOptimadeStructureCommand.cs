using System.Management.Automation;
using System.Net;
using AtomProNet.Databases;
using AtomProNet.Databases.Cache;
using AtomProNet.Databases.Optimade;
using AtomProNet.PS.Hosting;
using AtomProNet.Structures;

namespace AtomProNet.PS.Databases;

/// <summary>Gets structures from a database that answers by the OPTIMADE standard.</summary>
[Cmdlet(VerbsCommon.Get, "OptimadeStructure", DefaultParameterSetName = ProviderSet, HelpUri = HelpPages.Root + "Get-OptimadeStructure.md")]
[OutputType(typeof(Structure))]
public sealed class GetOptimadeStructureCommand : PSCmdlet, IDisposable
{
    private const string ProviderSet = "Provider";
    private const string UriSet = "Uri";
    private const int ManyMatches = 20;

    private readonly CmdletCancellation _cancellation = new();
    private EntryPump _pump = null!;
    private OptimadeClient _client = null!;

    /// <summary>The database, by its short name: cod, aflow, oqmd, jarvis, nomad, alexandria, mp, odbx …</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ProviderSet)]
    [ArgumentCompleter(typeof(OptimadeProviderCompleter))]
    public string Provider { get; set; } = "";

    /// <summary>The base address of another database.</summary>
    [Parameter(Mandatory = true, ParameterSetName = UriSet)]
    public Uri Uri { get; set; } = null!;

    /// <summary>A formula (Al2O3, Al*O3, ABO3); several are several queries.</summary>
    [Parameter(Position = 1, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public string[] Formula { get; set; } = [];

    /// <summary>Exactly these elements, such as Al-O.</summary>
    [Parameter]
    [Alias("ChemSys")]
    public string? ChemicalSystem { get; set; }

    /// <summary>At least these elements.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(ElementCompleter))]
    [ValidateNotNull]
    public string[] Element { get; set; } = [];

    /// <summary>None of these elements.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(ElementCompleter))]
    [ValidateNotNull]
    public string[] ExcludeElement { get; set; } = [];

    /// <summary>These entries of the database.</summary>
    [Parameter]
    [ValidateNotNull]
    public string[] Id { get; set; } = [];

    /// <summary>The least number of sites.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    [Numbers(AreWhole = true)]
    public int? SiteCountMinimum { get; set; }

    /// <summary>The greatest number of sites.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    [Numbers(AreWhole = true)]
    public int? SiteCountMaximum { get; set; }

    /// <summary>A filter in the standard's own language; the other conditions hold as well.</summary>
    [Parameter]
    public string? Filter { get; set; }

    /// <summary>No more than this many of each query, in the database's order.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    [Numbers(AreWhole = true)]
    public int? First { get; set; }

    /// <summary>The proxy; by default the system's.</summary>
    [Parameter]
    public Uri? Proxy { get; set; }

    /// <summary>Name and password for the proxy.</summary>
    [Parameter]
    public PSCredential? ProxyCredential { get; set; }

    /// <summary>How many seconds the server may stay silent before a request is tried again.</summary>
    [Parameter]
    [ValidateRange(1, 3600)]
    [Numbers(AreWhole = true)]
    public int TimeoutSec { get; set; } = 60;

    /// <summary>Neither reads nor writes the cache.</summary>
    [Parameter]
    public SwitchParameter NoCache { get; set; }

    /// <summary>Fetches everything anew into the cache.</summary>
    [Parameter]
    public SwitchParameter RefreshCache { get; set; }

    public void Dispose()
    {
        _client?.Dispose();
        _cancellation.Dispose();
    }

    protected override void BeginProcessing()
    {
        _pump = new(this, "Getting structures", _cancellation.Token);
        try
        {
            var provider = ParameterSetName == ProviderSet ? OptimadeProviders.Find(Provider) : null;
            _client = new(new OptimadeOptions
            {
                Server = new()
                {
                    BaseAddress = provider?.BaseUrl ?? Uri,
                    Proxy = ProxyAddress.Read(Proxy, ProxyCredential is null ? null : new NetworkCredential(ProxyCredential.UserName, ProxyCredential.Password)),
                    Timeout = TimeSpan.FromSeconds(TimeoutSec),
                    Notice = _pump.Notice,
                },
                Name = provider?.Id,
                Cache = QueryCache.ForUser(OptimadeClient.CacheName),
                CacheMode = NoCache ? CacheMode.None : RefreshCache ? CacheMode.Refresh : CacheMode.Use,
            });
        }
        catch (AtomProNetException e)
        {
            ThrowTerminatingError(ErrorRecords.From(e, null));
        }
    }

    protected override void ProcessRecord()
    {
        if (!MyInvocation.BoundParameters.ContainsKey(nameof(Formula)))
        {
            Run(null);
        }

        foreach (var formula in Formula ?? [])
        {
            Run(formula);
        }
    }

    protected override void StopProcessing() => _cancellation.Stop();

    private void Run(string? formula)
    {
        try
        {
            var query = new OptimadeQuery
            {
                Filter = Filter,
                Conditions = new()
                {
                    MaterialIds = [.. Id],
                    Formula = formula is null ? null : FormulaPattern.Parse(formula),
                    ChemicalSystem = ChemicalSystem is null ? null : AtomProNet.Databases.ChemicalSystem.Parse(ChemicalSystem),
                    Elements = MaterialQuery.ParseElements(Element),
                    ExcludedElements = MaterialQuery.ParseElements(ExcludeElement),
                    SiteCountMinimum = SiteCountMinimum,
                    SiteCountMaximum = SiteCountMaximum,
                    First = First,
                },
            };
            if (!query.Conditions.IsRestricted && string.IsNullOrWhiteSpace(Filter) && First is null)
            {
                throw new AtomProNetException(ErrorKind.InvalidArgument, "QueryUnrestricted", "Nothing says which of the database's entries are wanted.", remedy: "Give a formula, elements, a chemical system, ids or a filter; or -First.");
            }

            long count = 0;
            foreach (var entry in _pump.Entries(token => _client.FindAsync(query, token), query.ToString()))
            {
                if (count++ == 0 && query.Conditions.IsBareFormula && Filter is null && entry.Total > ManyMatches)
                {
                    WriteWarning($"{entry.Total} entries match {formula}. Narrow the query, or take some with -First.");
                }

                if (entry.Structure is not null)
                {
                    WriteObject(entry.Structure);
                }
                else
                {
                    WriteError(ErrorRecords.From(entry.Error!, entry.Id));
                }
            }

            if (count == 0)
            {
                WriteWarning($"No entry matches {query}.");
            }
        }
        catch (Exception e) when (ErrorRecords.IsItemError(e))
        {
            WriteError(ErrorRecords.From(e, formula ?? Filter));
        }
    }
}
