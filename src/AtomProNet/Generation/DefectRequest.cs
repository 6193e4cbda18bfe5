using System.Collections.Immutable;
using AtomProNet.Structures;

namespace AtomProNet.Generation;

/// <summary>A kind of point defect that somebody wants.</summary>
public abstract record DefectRequest
{
    private DefectRequest()
    {
    }

    /// <summary>An atom of an element is left out.</summary>
    /// <param name="Element">The element.</param>
    public sealed record Vacancy(Element Element) : DefectRequest;

    /// <summary>Two atoms are left out, such as the Al–O divacancy.</summary>
    /// <param name="First">The element of the one.</param>
    /// <param name="Second">The element of the other.</param>
    public sealed record Divacancy(Element First, Element Second) : DefectRequest;

    /// <summary>An atom of one element takes the place of an atom of another; an antisite, where the structure has both.</summary>
    /// <param name="Host">The element whose place is taken.</param>
    /// <param name="Guest">The element that takes it.</param>
    public sealed record Substitution(Element Host, Element Guest) : DefectRequest;

    /// <summary>An atom is put into an empty place.</summary>
    /// <param name="Guest">Its element.</param>
    /// <param name="Positions">The places in fractional coordinates; null: those that the search finds.</param>
    public sealed record Interstitial(Element Guest, ImmutableArray<Vector3D>? Positions = null) : DefectRequest;
}

/// <summary>Where interstitial atoms are put.</summary>
public enum InterstitialSearch
{
    /// <summary>Into the middle of each void: a place that is farther from its nearest atoms than all places around it, a corner of their Voronoi cells.</summary>
    Voids,
    /// <summary>Onto every point of a grid that is far enough from the atoms.</summary>
    Grid,
}

/// <summary>How point defects are looked for.</summary>
public sealed record DefectOptions
{
    /// <summary>The spacing of the grid unless told otherwise, Å.</summary>
    public const double DefaultGridSpacing = 0.5;

    /// <summary>Sites (from 0) to which vacancies, pairs and substitutions are restricted; each of them is used, equivalent or not. Null: all sites.</summary>
    public IReadOnlyCollection<int>? Sites { get; init; }

    /// <summary>Whether defects that symmetry makes the same are all made.</summary>
    public bool IncludeEquivalent { get; init; }

    /// <summary>How far an atom may be from where a symmetry operation puts it, Å.</summary>
    public double SymmetryTolerance { get; init; } = Structures.Symmetry.CrystalSymmetry.DefaultTolerance;

    /// <summary>The largest distance of the two atoms of a pair, Å; null: 1.25 times the shortest distance there is between such atoms.</summary>
    public double? MaximumPairDistance { get; init; }

    /// <summary>How interstitial places are looked for.</summary>
    public InterstitialSearch Search { get; init; }

    /// <summary>The distance of the points of the grid of <see cref="InterstitialSearch.Grid"/>, Å.</summary>
    public double GridSpacing { get; init; } = DefaultGridSpacing;

    /// <summary>How close an interstitial atom may be to others.</summary>
    public CovalentContact MinimumDistance { get; init; } = new(CovalentContact.DefaultFraction);
}
