using System.Collections.Immutable;
using System.Globalization;
using AtomProNet.Generation;
using AtomProNet.Structures;

namespace AtomProNet.Evaluation.Elasticity;

/// <summary>Which frames of a series enter the fit, how they are strained, and what their ions did.</summary>
internal sealed class ElasticFrames
{
    // What outputs print of positions (OUTCAR: five decimals) is no displacement; those of relaxed ions are of the order of 1e-3 Å.
    private const double AffineTolerance = 1e-4;

    // What outputs print of lattices is no strain.
    private const double StrainTolerance = 1e-4;

    private readonly FrameSeries series;
    private readonly ElasticOptions options;
    private readonly List<(Frame, string, string)> left = [];
    private readonly List<Finding> findings = [];

    private ElasticFrames(FrameSeries series, ElasticOptions options)
    {
        this.series = series;
        this.options = options;
    }

    internal Structure Reference { get; private set; } = null!;

    internal List<(Frame Frame, CellDeformation Strain)> Members { get; private set; } = [];

    internal IonRelaxation Ions { get; private set; }

    internal ImmutableArray<Finding> Findings { get; private set; }

    internal static ElasticFrames Select(FrameSeries series, ElasticOptions options)
    {
        var selection = new ElasticFrames(series, options);
        selection.Run();
        return selection;
    }

    private void Run()
    {
        List<Frame> frames = Candidates();
        (Lattice lattice, Structure? structure) = FindReference(frames);
        var strained = new List<(Frame Frame, CellDeformation Strain)>();
        foreach (Frame frame in frames)
        {
            CellDeformation strain = CellDeformation.Between(lattice, frame.Structure.Lattice!);
            Check(frame, strain);
            if (options.MaximumStrain is { } limit && strain.Size > limit * (1 + 1e-9))
            {
                left.Add((frame, "StrainBeyondLimit", string.Create(CultureInfo.InvariantCulture, $"strained by more than {limit}")));
            }
            else
            {
                strained.Add((frame, strain));
            }
        }

        ChooseIons(strained, structure);
        findings.AddRange((series with { Frames = [.. Members.Select(m => m.Frame)] }).CheckMethods());
        Findings = [.. series.Findings, .. FrameSeries.LeftOut(series.Name, left), .. findings];
    }

    private List<Frame> Candidates()
    {
        var frames = new List<Frame>();
        foreach (Frame frame in series.Frames)
        {
            string? why = frame.Structure.Lattice is null || !frame.Structure.Periodicity.All ? "no crystal"
                : frame.Stress is null ? "no stress"
                : frame.Structure.Provenance is { Operation: RattleSeries.Operation } ? "rattled"
                : null;
            if (why is null)
            {
                frames.Add(frame);
            }
            else
            {
                left.Add((frame, "FrameNotUsable", why));
            }
        }

        return frames.Count > 0 ? frames : throw new AtomProNetException(
            ErrorKind.InvalidData,
            "ElasticNoFrames",
            $"No frame of {series.Name} can be used for elastic constants.",
            value: string.Join("; ", series.Findings.Select(f => f.Message).Concat(left.Select(l => l.Item3)).Distinct()),
            remedy: "Give frames with stress of a strained crystal (New-StrainSeries -Mode Elastic).");
    }

    /// <summary>The lattice without strain, and the structure where one is known.</summary>
    private (Lattice Lattice, Structure? Structure) FindReference(List<Frame> frames)
    {
        if (options.Reference is { } given)
        {
            return (given.Lattice is { } lattice && given.Periodicity.All ? lattice : throw new AtomProNetException(ErrorKind.InvalidArgument, "LatticeMissing", "The reference is no crystal.", value: given.ToString()), given);
        }

        var parents = new HashSet<string?>(StringComparer.Ordinal);
        Lattice? derived = null;
        Structure? unstrained = null;
        foreach (Frame frame in frames)
        {
            if (VoigtStrain.AppliedTo(frame.Structure) is not { } strain)
            {
                throw new AtomProNetException(ErrorKind.InvalidData, "ElasticReferenceMissing", $"The frame {FrameSeries.Describe(frame)} does not tell how it is strained.", remedy: "Give the unstrained structure or frame (-Reference).");
            }

            parents.Add(frame.Structure.Provenance!.ParentHash);
            Lattice lattice = frame.Structure.Lattice!;
            if (strain.IsZero)
            {
                // Of the steps of a relaxation the last is what the others were strained from only if nothing moved; -Reference says otherwise.
                unstrained ??= frame.Structure;
            }

            derived ??= new Lattice(lattice.Rows * (Matrix3x3.Identity + strain.ToMatrix()).Inverse());
        }

        return parents.Count == 1
            ? (unstrained?.Lattice ?? derived!, unstrained)
            : throw new AtomProNetException(ErrorKind.InvalidData, "ElasticReferenceUnclear", $"The frames of {series.Name} were strained from {parents.Count} different structures.", remedy: "Give the strained copies of one structure at a time, or say which one they are measured against (-Reference).");
    }

    /// <summary>Refuses a frame whose lattice is not what its provenance says: a cell that was relaxed, a file in the wrong folder.</summary>
    private void Check(Frame frame, CellDeformation strain)
    {
        double determinant = strain.Deformation.Determinant;
        if (!(determinant > 0.5 && determinant < 2 && strain.Size < 0.5))
        {
            throw new AtomProNetException(ErrorKind.InvalidData, "FrameNotOfReference", $"The cell of {FrameSeries.Describe(frame)} is no strained copy of the reference.", value: strain.Deformation.ToString(), remedy: "Give frames in the cell of the reference, with the same lattice vectors.");
        }

        if (options.Reference is null && VoigtStrain.AppliedTo(frame.Structure) is { } told)
        {
            double largest = (strain.Deformation - Matrix3x3.Identity - told.ToMatrix()).ToRowMajor().Max(Math.Abs);
            if (largest > StrainTolerance)
            {
                throw new AtomProNetException(ErrorKind.InvalidData, "StrainNotAsTold", string.Create(CultureInfo.InvariantCulture, $"The lattice of {FrameSeries.Describe(frame)} is not strained as its provenance says (it differs by {largest:G3})."), value: told.ToString(), remedy: "Leave out runs whose cell was relaxed; or give the unstrained structure (-Reference), and strains are taken from the lattices.");
            }
        }
    }

    private void ChooseIons(List<(Frame Frame, CellDeformation Strain)> strained, Structure? structure)
    {
        // Without an unstrained frame the coordinates that all frames share are those of the reference.
        Structure positions = structure ?? strained[0].Frame.Structure;
        foreach ((Frame frame, _) in strained)
        {
            if (!frame.Structure.Species.SequenceEqual(positions.Species))
            {
                throw new AtomProNetException(ErrorKind.InvalidData, "FrameNotOfReference", $"The atoms of {FrameSeries.Describe(frame)} are not those of the reference, or stand in another order.", value: frame.Structure.Composition.Formula);
            }
        }

        bool[] affine = [.. strained.Select(s => Displacement(s.Frame.Structure, positions) <= AffineTolerance)];
        bool[] last = LastSteps(strained);
        if (options.Ions is null && last.Contains(false))
        {
            throw new AtomProNetException(ErrorKind.InvalidData, "IonsAmbiguous", $"The frames of {series.Name} hold several steps of a relaxation at one strain: clamped and relaxed ions have different elastic constants.", remedy: "Say which ones are meant: -Ions Clamped (coordinates as strained) or -Ions Relaxed (the last step of each file).");
        }

        Ions = options.Ions ?? (affine.All(a => a) ? IonRelaxation.Clamped : IonRelaxation.Relaxed);
        bool[] taken = Ions == IonRelaxation.Clamped ? affine : last;
        for (int i = 0; i < strained.Count; i++)
        {
            if (taken[i])
            {
                Members.Add(strained[i]);
            }
            else
            {
                left.Add((strained[i].Frame, "FrameOfOtherIons", Ions == IonRelaxation.Clamped ? "its ions have moved" : "no last step"));
            }
        }

        if (Members.Count == 0)
        {
            throw new AtomProNetException(ErrorKind.InvalidData, "ElasticNoFrames", $"No frame of {series.Name} has clamped ions.", remedy: "Use -Ions Relaxed.");
        }

        if (Ions == IonRelaxation.Relaxed)
        {
            CheckForces();
            Reference = structure ?? throw new AtomProNetException(ErrorKind.InvalidData, "ElasticReferenceMissing", $"The series {series.Name} has no unstrained frame, and its ions were relaxed: the crystal's symmetry cannot be told.", remedy: "Give the unstrained structure or frame (-Reference).");
        }
        else
        {
            CellDeformation first = Members[0].Strain;
            Reference = structure ?? positions.With(lattice: new Lattice(Members[0].Frame.Structure.Lattice!.Rows * first.Deformation.Inverse()), positions: Members[0].Frame.Structure.FractionalPositions, kind: CoordinateKind.Fractional);
        }
    }

    // Relaxed ions have no forces: frames that do are clamped ones among relaxed ones, or relaxations that did not end.
    private void CheckForces()
    {
        (Frame frame, _) = Members.MaxBy(m => m.Frame.MaximumForce ?? 0);
        if (frame.MaximumForce is { } force && force > options.ForceTolerance)
        {
            string what = string.Create(CultureInfo.InvariantCulture, $"The ions of {FrameSeries.Describe(frame)} are not relaxed (the largest force is {force:G3} eV/Å), and those of other frames of {series.Name} have moved.");
            if (force > 10 * options.ForceTolerance)
            {
                throw new AtomProNetException(ErrorKind.InvalidData, "IonsMixed", what, remedy: "Give either clamped (-Ions Clamped) or fully relaxed frames.");
            }

            findings.Add(new(FindingSeverity.Warning, "IonsNotRelaxed", what, series.Name, "Relax the ions further."));
        }
    }

    private static bool[] LastSteps(List<(Frame Frame, CellDeformation Strain)> strained)
    {
        var last = strained
            .Where(s => s.Frame.Source is not null)
            .GroupBy(s => (s.Frame.Source!.File, Key(s.Strain)))
            .ToDictionary(g => g.Key, g => g.Max(s => s.Frame.Source!.Step));
        return [.. strained.Select(s => s.Frame.Source is not { } source || last[(source.File, Key(s.Strain))] == source.Step)];

        // Files print lattices with nine digits or so: the same strain to 1e-7.
        static string Key(CellDeformation strain) => string.Join(' ', strain.Deformation.ToRowMajor().Select(x => Math.Round(x * 1e7).ToString(CultureInfo.InvariantCulture)));
    }

    /// <summary>How far the ions have moved besides the strain, Å; a common shift is none.</summary>
    private static double Displacement(Structure structure, Structure reference)
    {
        var moved = new Vector3D[structure.AtomCount];
        Vector3D mean = Vector3D.Zero;
        for (int i = 0; i < moved.Length; i++)
        {
            Vector3D d = structure.FractionalPositions[i] - reference.FractionalPositions[i];
            moved[i] = new(d.X - Math.Round(d.X), d.Y - Math.Round(d.Y), d.Z - Math.Round(d.Z));
            mean += moved[i] / moved.Length;
        }

        return moved.Max(d => structure.Lattice!.ToCartesian(d - mean).Length);
    }
}
