using System.Collections.Immutable;
using System.Management.Automation;
using System.Net;
using System.Security;
using AtomProNet.Databases;
using AtomProNet.Databases.Bundled;
using AtomProNet.Databases.Cache;
using AtomProNet.Databases.MaterialsProject;
using AtomProNet.PS.Hosting;
using AtomProNet.Structures;

namespace AtomProNet.PS.Databases;

/// <summary>Gets crystal structures from the Materials Project, or from the bundled set.</summary>
[Cmdlet(VerbsCommon.Get, "MPStructure", DefaultParameterSetName = QuerySet, HelpUri = HelpPages.Root + "Get-MPStructure.md")]
[OutputType(typeof(Structure))]
public sealed class GetMPStructureCommand : PSCmdlet, IDisposable
{
    private const string QuerySet = "Query";
    private const string CriteriaSet = "Criteria";
    private const string KeyVariable = "MP_API_KEY";
    private const int ManyMatches = 20;
    private const int IdsAtOnce = 200;

    private readonly CmdletCancellation _cancellation = new();
    private EntryPump _pump = null!;
    private MaterialsProjectClient? _client;
    private readonly List<string> _ids = [];
    private bool _bundledTold;

    /// <summary>An id (mp-1143), a formula (Al2O3, Al*O3, ABO3), a chemical system (Al-O, Al-*) or a list of elements ('Al,O'); several are several queries.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ParameterSetName = QuerySet)]
    [ArgumentCompleter(typeof(BundledFormulaCompleter))]
    [ValidateNotNull]
    public string[] Query { get; set; } = [];

    /// <summary>These materials.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = CriteriaSet)]
    [Alias("material_id")]
    public string[] MaterialId { get; set; } = [];

    /// <summary>This formula; several are several queries.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = CriteriaSet)]
    [Alias("formula_pretty")]
    [ArgumentCompleter(typeof(BundledFormulaCompleter))]
    public string[] Formula { get; set; } = [];

    /// <summary>Exactly these elements, such as Al-O; several are several queries.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = CriteriaSet)]
    [Alias("ChemSys")]
    public string[] ChemicalSystem { get; set; } = [];

    /// <summary>At least these elements.</summary>
    [Parameter(ParameterSetName = CriteriaSet)]
    [ArgumentCompleter(typeof(ElementCompleter))]
    [ValidateNotNull]
    public string[] Element { get; set; } = [];

    /// <summary>None of these elements.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(ElementCompleter))]
    [ValidateNotNull]
    public string[] ExcludeElement { get; set; } = [];

    /// <summary>Only what lies on the convex hull; of the bundled set, the phases that are stable at ambient conditions.</summary>
    [Parameter]
    public SwitchParameter Stable { get; set; }

    /// <summary>The least energy above the hull, eV/atom.</summary>
    [Parameter]
    [ValidateRange(0.0, 100.0)]
    [Numbers]
    public double? EnergyAboveHullMinimum { get; set; }

    /// <summary>The greatest energy above the hull, eV/atom.</summary>
    [Parameter]
    [ValidateRange(0.0, 100.0)]
    [Numbers]
    public double? EnergyAboveHullMaximum { get; set; }

    /// <summary>The least number of sites in the database's cell.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    [Numbers(AreWhole = true)]
    public int? SiteCountMinimum { get; set; }

    /// <summary>The greatest number of sites in the database's cell.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    [Numbers(AreWhole = true)]
    public int? SiteCountMaximum { get; set; }

    /// <summary>The space group, by number (167) or short symbol (R-3c).</summary>
    [Parameter]
    public string? SpaceGroup { get; set; }

    /// <summary>$true: never made so far; $false: known from experiment.</summary>
    [Parameter]
    public bool? Theoretical { get; set; }

    /// <summary>Withdrawn materials instead of current ones.</summary>
    [Parameter]
    public SwitchParameter Deprecated { get; set; }

    /// <summary>The least band gap, eV.</summary>
    [Parameter]
    [ValidateRange(0.0, 100.0)]
    [Numbers]
    public double? BandGapMinimum { get; set; }

    /// <summary>The greatest band gap, eV.</summary>
    [Parameter]
    [ValidateRange(0.0, 100.0)]
    [Numbers]
    public double? BandGapMaximum { get; set; }

    /// <summary>No more than this many of each query, the lowest in energy.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    [Numbers(AreWhole = true)]
    public int? First { get; set; }

    /// <summary>Where to look.</summary>
    [Parameter]
    public DatabaseSource Source { get; set; }

    /// <summary>The key of the Materials Project; by default that in the environment variable MP_API_KEY.</summary>
    [Parameter]
    [Secret(KeyVariable)]
    public SecureString? ApiKey { get; set; }

    /// <summary>Another server that answers as the Materials Project does.</summary>
    [Parameter]
    public Uri? Uri { get; set; }

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
            var key = Source == DatabaseSource.Bundled ? null : SecretText.RevealOrEnvironment(ApiKey, KeyVariable);
            if (Source == DatabaseSource.MaterialsProject || key is not null)
            {
                _client = Connect(key);
            }
        }
        catch (AtomProNetException e)
        {
            ThrowTerminatingError(ErrorRecords.From(e, null));
        }
    }

    protected override void ProcessRecord()
    {
        if (!MyInvocation.BoundParameters.ContainsKey(nameof(Query)) && ParameterSetName == QuerySet)
        {
            Run(query => query, null);
        }

        foreach (var text in Query ?? [])
        {
            Ask(text);
        }

        // An object can bring an id and a formula: then both must hold.
        foreach (var formula in ParameterSetName == CriteriaSet ? EachOrNone(Formula) : [])
        {
            foreach (var system in EachOrNone(ChemicalSystem))
            {
                Run(
                    query => query with
                    {
                        MaterialIds = Ids(),
                        Formula = formula is null ? null : FormulaPattern.Parse(formula),
                        ChemicalSystem = system is null ? null : AtomProNet.Databases.ChemicalSystem.Parse(system),
                        Elements = MaterialQuery.ParseElements(Element),
                    },
                    MaterialId is { Length: > 0 } ? string.Join(',', MaterialId) : formula ?? system);
            }
        }
    }

    protected override void EndProcessing() => AskIds();

    protected override void StopProcessing() => _cancellation.Stop();

    private static IEnumerable<string?> EachOrNone(string[]? values) => values is { Length: > 0 } ? values : new string?[] { null };

    private MaterialsProjectClient Connect(string? key)
    {
        var address = Uri ?? MaterialsProjectOptions.DefaultServer;
        if (key is null && Uri is null)
        {
            throw new AtomProNetException(ErrorKind.PermissionDenied, "ApiKeyMissing", "The Materials Project wants an API key.", remedy: MaterialsProjectClient.HowToGetAKey);
        }

        return new(new MaterialsProjectOptions
        {
            Server = new()
            {
                BaseAddress = address,
                Key = key,
                Proxy = ProxyAddress.Read(Proxy, ProxyCredential is null ? null : new NetworkCredential(ProxyCredential.UserName, ProxyCredential.Password)),
                Timeout = TimeSpan.FromSeconds(TimeoutSec),
                Notice = _pump.Notice,
            },
            Cache = QueryCache.ForUser(MaterialsProjectClient.CacheName),
            CacheMode = NoCache ? CacheMode.None : RefreshCache ? CacheMode.Refresh : CacheMode.Use,
        });
    }

    private MaterialQuery Filters() => new()
    {
        ExcludedElements = MaterialQuery.ParseElements(ExcludeElement),
        StableOnly = Stable,
        EnergyAboveHullMinimum = EnergyAboveHullMinimum,
        EnergyAboveHullMaximum = EnergyAboveHullMaximum,
        SiteCountMinimum = SiteCountMinimum,
        SiteCountMaximum = SiteCountMaximum,
        SpaceGroup = SpaceGroup is null ? null : AtomProNet.Databases.SpaceGroup.Parse(SpaceGroup),
        Theoretical = Theoretical,
        Deprecated = Deprecated,
        BandGapMinimum = BandGapMinimum,
        BandGapMaximum = BandGapMaximum,
        First = First,
    };

    /// <summary>Asks at once, but for ids: a list of a thousand down the pipeline shall not be a thousand requests.</summary>
    private void Ask(string text)
    {
        if (_client is not null && IsId(text))
        {
            _ids.Add(text.Trim());
            if (_ids.Count >= IdsAtOnce)
            {
                AskIds();
            }
        }
        else
        {
            AskIds();
            Run(query => query.Select(text), text);
        }
    }

    /// <summary>Asks for the ids that have come together, and gives the answers in the order of the questions.</summary>
    private void AskIds()
    {
        if (_client is null || _ids.Count == 0)
        {
            return;
        }

        string[] ids = [.. _ids];
        _ids.Clear();
        try
        {
            var query = Filters() with { MaterialIds = [.. ids], First = null };
            var entries = _pump.Entries(token => _client.FindAsync(query, token), query.ToString()).ToLookup(entry => entry.Id, StringComparer.Ordinal);
            // An answer under an id that was not asked for comes last: the database may have given a material a new one.
            foreach (var entry in ids.SelectMany(id => entries[id]).Concat(entries.Where(group => !ids.Contains(group.Key)).SelectMany(group => group)))
            {
                Write(entry);
            }
        }
        catch (Exception e) when (ErrorRecords.IsItemError(e))
        {
            WriteError(ErrorRecords.From(e, string.Join(',', ids)));
        }
    }

    private static bool IsId(string text)
    {
        try
        {
            return new MaterialQuery().Select(text) is { MaterialIds.Length: 1 };
        }
        catch (AtomProNetException)
        {
            // What is wrong with it is said when it is asked.
            return false;
        }
    }

    private void Write(DatabaseEntry entry)
    {
        if (entry.Structure is not null)
        {
            WriteObject(entry.Structure);
        }
        else
        {
            WriteError(ErrorRecords.From(entry.Error!, entry.Id));
        }
    }

    private ImmutableArray<string> Ids()
    {
        ImmutableArray<string> ids = [.. (MaterialId ?? []).Select(id => id?.Trim() ?? "").Where(id => id.Length > 0)];
        return ids.IsEmpty && MaterialId is { Length: > 0 }
            ? throw new AtomProNetException(ErrorKind.InvalidArgument, "MaterialIdEmpty", "The material id is empty.", remedy: "Give it as the database writes it, such as mp-1143.")
            : ids;
    }

    private void Run(Func<MaterialQuery, MaterialQuery> select, string? target)
    {
        try
        {
            var query = select(Filters());
            var count = _client is null ? FromBundled(query) : FromServer(_client, query);
            if (count == 0 && query.MaterialIds.IsEmpty)
            {
                NothingFound(query);
            }
        }
        catch (Exception e) when (ErrorRecords.IsItemError(e))
        {
            WriteError(ErrorRecords.From(e, target));
        }
    }

    private long FromBundled(MaterialQuery query)
    {
        if (Source == DatabaseSource.Auto && !_bundledTold)
        {
            _bundledTold = true;
            WriteWarning($"There is no API key (-ApiKey or {KeyVariable}): the structures come from the bundled set of {BundledCrystals.All.Length} measured crystals, not from {(Uri is null ? "the Materials Project" : $"{Uri.Host}, which is not asked without one")}. -Source Bundled says so without this warning.");
        }

        if (query.StableOnly)
        {
            WriteVerbose("Bundled structures carry no energies: -Stable keeps the phases that the literature gives as the stable ones at ambient conditions.");
        }

        var found = BundledSearch.Find(query);
        foreach (var crystal in found)
        {
            WriteObject(crystal.Structure);
        }

        return found.Count;
    }

    private long FromServer(MaterialsProjectClient client, MaterialQuery query)
    {
        if (!query.IsRestricted && query.First is null)
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "QueryUnrestricted", "Nothing says which of the hundreds of thousands of materials are wanted.", remedy: "Give an id, a formula, a chemical system, elements or a filter; or -First.");
        }

        long count = 0;
        foreach (var entry in _pump.Entries(token => client.FindAsync(query, token), query.ToString()))
        {
            if (count == 0 && query.IsBareFormula && entry.Total > ManyMatches)
            {
                WriteWarning($"{entry.Total} materials match {query.Formula}. Narrow the query, for instance with -Stable, or take the lowest in energy with -First 1.");
            }

            count++;
            Write(entry);
        }

        return count;
    }

    private void NothingFound(MaterialQuery query)
    {
        var place = _client is null ? "None of the bundled structures" : "No material of the Materials Project";
        var problem = $"{place} matches {query}{(query.HasFilters ? " with these filters" : "")}.";
        if (query.Formula is { IsExact: true } && !query.HasFilters)
        {
            throw new AtomProNetException(ErrorKind.NotFound, "MaterialNotFound", problem, remedy: _client is null ? "Get-MPStructure -Source Bundled lists what there is." : "Check the formula, or look for the chemical system (-ChemicalSystem).");
        }

        WriteWarning(problem);
    }
}
