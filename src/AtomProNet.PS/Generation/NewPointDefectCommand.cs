using System.Collections;
using System.Collections.Immutable;
using System.Globalization;
using System.Management.Automation;
using AtomProNet.Generation;
using AtomProNet.PS.Hosting;
using AtomProNet.Structures;
using AtomProNet.Structures.Symmetry;

namespace AtomProNet.PS.Generation;

/// <summary>Makes structures with one point defect each: one of every kind that symmetry tells apart, or those of given sites.</summary>
[Cmdlet(VerbsCommon.New, "PointDefect", HelpUri = HelpPages.Root + "New-PointDefect.md")]
[OutputType(typeof(Structure))]
public sealed class NewPointDefectCommand : PSCmdlet
{
    /// <summary>The structure, usually a supercell; a frame gives its structure.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("InputObject")]
    public Structure Structure { get; set; } = null!;

    /// <summary>Elements of which an atom is left out; Al-O stands for a pair of neighbours, * for every element.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ElementCompleter))]
    public string[] Vacancy { get; set; } = [];

    /// <summary>A table of replaced and replacing elements: @{Al = 'Cr'}, or several: @{Al = 'Cr','Ga'}.</summary>
    [Parameter]
    [ValidateNotNull]
    public Hashtable Substitution { get; set; } = [];

    /// <summary>Every element of the structure on the sites of every other one.</summary>
    [Parameter]
    public SwitchParameter Antisite { get; set; }

    /// <summary>Elements of which an atom is put into an empty place.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ElementCompleter))]
    public string[] Interstitial { get; set; } = [];

    /// <summary>The places of the interstitial atoms in fractional coordinates, rows of three; without it they are looked for.</summary>
    [Parameter]
    [ValidateNotNull]
    [Numbers]
    public double[][] Position { get; set; } = [];

    /// <summary>Sites, counted from 1, to which vacancies, pairs and substitutions are restricted; each one is used, equivalent or not.</summary>
    [Parameter]
    [ValidateNotNull]
    [Numbers(AreWhole = true)]
    public int[] Site { get; set; } = [];

    /// <summary>The largest distance of the two atoms of a pair, Å. Default: 1.25 times the shortest one there is.</summary>
    [Parameter]
    [Numbers]
    public double? MaximumDistance { get; set; }

    /// <summary>How interstitial places are looked for: Voids (default), the middle of each void; Grid, every point of a grid with enough room.</summary>
    [Parameter]
    public InterstitialSearch InterstitialSearch { get; set; }

    /// <summary>The distance of the points of that grid, Å. Default 0.5.</summary>
    [Parameter]
    [Numbers]
    public double GridSpacing { get; set; } = DefectOptions.DefaultGridSpacing;

    /// <summary>The shortest distance of an interstitial atom from others, as a fraction of the sum of the covalent radii. Default 0.7.</summary>
    [Parameter]
    [Numbers]
    public double MinimumDistance { get; set; } = CovalentContact.DefaultFraction;

    /// <summary>Makes every defect, not one of each kind.</summary>
    [Parameter]
    public SwitchParameter IncludeEquivalent { get; set; }

    /// <summary>How far an atom may be from where a symmetry operation puts it, Å. Default 0.01.</summary>
    [Parameter]
    [Numbers]
    public double SymmetryTolerance { get; set; } = CrystalSymmetry.DefaultTolerance;

    protected override void ProcessRecord()
    {
        try
        {
            List<DefectRequest> requests = Requests().ToList();
            IEnumerable<Structure> defects = PointDefects.Make(Structure, requests, Options());
            foreach (Finding finding in PointDefects.Inspect(Structure, requests))
            {
                WriteWarning(finding.ToString());
            }

            int count = 0;
            foreach (Structure defect in defects)
            {
                if (Stopping)
                {
                    return;
                }

                WriteObject(defect);
                count++;
            }

            if (count == 0)
            {
                WriteWarning($"No place or site was found for the defects asked for in {Structure.Name ?? Structure.ReducedFormula}. Lower -MinimumDistance or -GridSpacing, or check -Site.");
            }
        }
        catch (Exception e) when (ErrorRecords.IsItemError(e))
        {
            WriteError(ErrorRecords.From(e, Structure));
        }
    }

    private DefectOptions Options() => new()
    {
        Sites = Site.Length > 0 ? Site.Select(s => s - 1).ToHashSet() : null,
        IncludeEquivalent = IncludeEquivalent,
        SymmetryTolerance = SymmetryTolerance,
        MaximumPairDistance = MaximumDistance,
        Search = InterstitialSearch,
        GridSpacing = GridSpacing,
        MinimumDistance = new CovalentContact(MinimumDistance),
    };

    private IEnumerable<DefectRequest> Requests()
    {
        if (Position.Length > 0 && Interstitial.Length == 0)
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "DefectParameterUnused", "-Position gives the places of interstitial atoms, and none were asked for.", remedy: "Add -Interstitial with an element.");
        }

        if (MyInvocation.BoundParameters.ContainsKey(nameof(GridSpacing)) && InterstitialSearch != InterstitialSearch.Grid)
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "DefectParameterUnused", "-GridSpacing is that of the grid search, which was not asked for.", remedy: "Add -InterstitialSearch Grid.");
        }

        if (MaximumDistance is not null && !Vacancy.Any(v => v.Contains('-', StringComparison.Ordinal)))
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "DefectParameterUnused", "-MaximumDistance is that of a pair, and none was asked for.", remedy: "Add one such as -Vacancy Al-O.");
        }

        foreach (string vacancy in Vacancy)
        {
            foreach (DefectRequest request in ReadVacancy(vacancy))
            {
                yield return request;
            }
        }

        // A table has no order of its own: by the symbols.
        foreach (string host in Substitution.Keys.Cast<object>().Select(Text).Order(StringComparer.Ordinal))
        {
            object? guests = Substitution.Keys.Cast<object>().Where(k => Text(k) == host).Select(k => Substitution[k]).First();
            foreach (object? guest in guests is IEnumerable list and not string ? list.Cast<object?>() : [guests])
            {
                yield return new DefectRequest.Substitution(Element.FromSymbol(host), Element.FromSymbol(Text(guest)));
            }
        }

        if (Antisite)
        {
            Element[] elements = Structure.Composition.Elements.ToArray();
            if (elements.Length < 2)
            {
                throw new AtomProNetException(ErrorKind.InvalidArgument, "AntisiteImpossible", "An antisite takes two elements.", value: Structure.ReducedFormula);
            }

            foreach (Element host in elements)
            {
                foreach (Element guest in elements.Where(g => g != host))
                {
                    yield return new DefectRequest.Substitution(host, guest);
                }
            }
        }

        foreach (string guest in Interstitial)
        {
            yield return new DefectRequest.Interstitial(Element.FromSymbol(guest), Position.Length > 0 ? ReadPositions() : null);
        }
    }

    private IEnumerable<DefectRequest> ReadVacancy(string text)
    {
        if (text == "*")
        {
            return Structure.Composition.Elements.Select(e => new DefectRequest.Vacancy(e));
        }

        return text.Split('-') switch
        {
            [var one] => [new DefectRequest.Vacancy(Element.FromSymbol(one))],
            [var first, var second] => [new DefectRequest.Divacancy(Element.FromSymbol(first), Element.FromSymbol(second))],
            _ => throw new AtomProNetException(ErrorKind.InvalidArgument, "VacancyInvalid", "A vacancy is an element, or a pair of two.", value: text, remedy: "Write it such as O, or Al-O."),
        };
    }

    private ImmutableArray<Vector3D> ReadPositions()
    {
        // A single row of three numbers arrives as three rows of one.
        double[][] rows = Position.Length == 3 && Position.All(row => row.Length == 1) ? [Position.Select(row => row[0]).ToArray()] : Position;
        return rows.Select(row => row.Length == 3 ? new Vector3D(row[0], row[1], row[2]) : throw new AtomProNetException(
            ErrorKind.InvalidArgument, "PositionInvalid", "A position takes three fractional coordinates.", value: string.Join(" ", row.Select(x => x.ToString(CultureInfo.InvariantCulture))))).ToImmutableArray();
    }

    private static string Text(object? value) => Convert.ToString(value is PSObject wrapped ? wrapped.BaseObject : value, CultureInfo.InvariantCulture) ?? "";
}
