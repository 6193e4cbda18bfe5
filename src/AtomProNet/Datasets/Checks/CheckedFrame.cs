using System.Collections.Immutable;
using AtomProNet.Datasets.Descriptors;
using AtomProNet.Structures;

namespace AtomProNet.Datasets.Checks;

/// <summary>A frame under check, with what several rules need of it, computed once.</summary>
internal sealed class CheckedFrame
{
    // Bonds and contacts are shorter than this; what is farther away says nothing about units or labels.
    internal const double ContactCutoff = 4.5;

    private (double Ratio, ImmutableArray<(Element A, Element B, double Distance)> Pairs)? contacts;
    private bool? isIsolatedAtom;
    private FrameKey? key;
    private FrameReference? reference;

    public CheckedFrame(Frame frame, int index, DatasetPart? part, EnergyKind? label, ShortestDistances distances, FrameRegister? register = null)
    {
        Frame = frame;
        Register = register ?? new();
        Index = index;
        Part = part;
        Label = label;
        Distances = distances;
    }

    public Frame Frame { get; }

    public Structure Structure => Frame.Structure;

    /// <summary>Where all frames so far come from; empty where nobody keeps account of it.</summary>
    public FrameRegister Register { get; }

    /// <summary>The number of the frame in the set, from 1.</summary>
    public int Index { get; }

    public DatasetPart? Part { get; }

    /// <summary>Which energy is the label; null where there is none.</summary>
    public EnergyKind? Label { get; }

    /// <summary>The energy that is the label, eV.</summary>
    public double? Energy => Label is { } kind ? Frame.GetEnergy(kind) : null;

    public int Atoms => Structure.AtomCount;

    /// <summary>Whether an earlier frame has this geometry and these labels; known once <see cref="DuplicateCheck"/> has seen the frame.</summary>
    public bool IsCopy { get; set; }

    public bool IsIsolatedAtom => isIsolatedAtom ??= FrameAdmission.IsIsolatedAtom(Structure);

    /// <summary>The frame's <see cref="FrameKey"/>.</summary>
    public FrameKey Key => key ??= Register.Count >= Index ? Register.KeyOf(Index) : FrameKey.Of(Frame);

    /// <summary>Where the forces are exactly those of a free crystal: no atom is held.</summary>
    public bool HasFixedAtoms => Structure.SiteProperties.TryGetValue("selective_dynamics", out SiteProperty? free)
        && free.Kind == SitePropertyKind.Logical && free.Logicals.Contains(false);

    /// <summary>The smallest distance over the sum of the covalent radii, and the smallest distance of each pair of elements (Å), up to 4.5 Å.</summary>
    public (double Ratio, ImmutableArray<(Element A, Element B, double Distance)> Pairs) Contacts => contacts ??= FindContacts();

    private ShortestDistances Distances { get; }

    public FrameReference Reference(string? detail = null) =>
        detail is null ? reference ??= new(Index, Part, Frame.Source) : new(Index, Part, Frame.Source, detail);

    private (double, ImmutableArray<(Element, Element, double)>) FindContacts()
    {
        Element[] kinds = [.. Structure.Composition.Counts.Keys];
        var kind = new int[Atoms];
        for (int i = 0; i < kind.Length; i++)
        {
            kind[i] = i > 0 && ReferenceEquals(Structure.Species[i], Structure.Species[i - 1]) ? kind[i - 1] : Array.IndexOf(kinds, Structure.Species[i]);
        }

        ReadOnlySpan<double> shortest = Distances.Find(Structure, kind, kinds.Length, ContactCutoff);
        double ratio = double.PositiveInfinity;
        var pairs = ImmutableArray.CreateBuilder<(Element, Element, double)>();
        for (int a = 0; a < kinds.Length; a++)
        {
            for (int b = a; b < kinds.Length; b++)
            {
                double distance = shortest[a * kinds.Length + b];
                if (!double.IsPositiveInfinity(distance))
                {
                    ratio = Math.Min(ratio, distance / (kinds[a].CovalentRadius + kinds[b].CovalentRadius));
                    pairs.Add((kinds[a], kinds[b], distance));
                }
            }
        }

        return (ratio, pairs.ToImmutable());
    }
}
