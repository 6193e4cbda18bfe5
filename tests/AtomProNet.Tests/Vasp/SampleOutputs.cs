using System.Runtime.CompilerServices;
using System.Text;
using AtomProNet.Calculations;
using AtomProNet.Formats;
using AtomProNet.Formats.ExtendedXyz;
using AtomProNet.Generation;
using AtomProNet.Structures;

namespace AtomProNet.Tests.Vasp;

/// <summary>
/// The project's sample outputs: a hydrostatic strain series of four aluminium atoms that have left their places, "computed" by
/// an analytic potential in the form of VASP's files, and the predictions of a slightly different potential.
/// </summary>
internal static class SampleOutputs
{
    public const string Note = "SYNTHETIC: an analytic pair potential in the form of VASP's output; no run of VASP, no data of a material.";

    /// <summary>Led to zero slowly: where a shell of neighbours leaves a narrow switch, the pressure has a step that no equation of state follows.</summary>
    private static readonly MorsePotential Reference = MorsePotential.Aluminium with { SwitchFrom = 3.5, Cutoff = 9 };

    /// <summary>The model: the same form with parameters a little off.</summary>
    private static readonly MorsePotential Model = Reference with { Depth = 0.2690, Steepness = 1.1701, Distance = 3.2491 };

    /// <summary>The folder of the checkout that holds them.</summary>
    public static string Folder([CallerFilePath] string thisFile = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", "..", "samples"));

    /// <summary>Every file with its path below the folder.</summary>
    public static IEnumerable<(string Path, byte[] Content)> Files()
    {
        var predictions = new List<Frame>();
        foreach (Structure structure in Series().OrderBy(s => s.Name, StringComparer.Ordinal))
        {
            SyntheticStep step = SyntheticStep.Of(Reference, structure.Lattice!, [.. structure.CartesianPositions]);
            var run = new SyntheticOutcar { Types = [new("Al", 4)], Steps = [step with { ElectronicSteps = 4 }] };
            yield return ($"al-strain/{structure.Name}/OUTCAR", run.ToBytes());
            yield return ($"al-strain/{structure.Name}/{CalculationRecord.FileName}", Encoding.UTF8.GetBytes(Record(structure).ToJson()));

            (double energy, Vector3D[] forces, StressTensor stress) = Model.Evaluate(structure.Lattice!, [.. structure.CartesianPositions]);
            predictions.Add(new Frame(structure.With(provenance: Provenance.Root("Synthetic", "synthetic:model")))
            {
                FreeEnergy = Math.Round(energy, 8),
                Forces = [.. forces.Select(f => new Vector3D(Math.Round(f.X, 8), Math.Round(f.Y, 8), Math.Round(f.Z, 8)))],
                Stress = new(Math.Round(stress.XX, 10), Math.Round(stress.YY, 10), Math.Round(stress.ZZ, 10), Math.Round(stress.YZ, 10), Math.Round(stress.XZ, 10), Math.Round(stress.XY, 10)),
                Origin = LabelOrigin.Predicted,
            });
        }

        using var memory = new MemoryStream();
        ExtendedXyzWriter.WriteAll(memory, predictions, new() { KeyStyle = KeyStyle.Ase, IncludeDescent = false });
        yield return ("predictions.extxyz", memory.ToArray());
    }

    private static IEnumerable<Structure> Series()
    {
        (Lattice lattice, Vector3D[] sites) = SyntheticRuns.Aluminium();
        Vector3D[] moved = [sites[0], sites[1] + new Vector3D(0.08, -0.05, 0.03), sites[2] + new Vector3D(-0.04, 0.06, 0.02), sites[3] + new Vector3D(0.01, 0.03, -0.07)];
        var parent = new Structure(lattice, [.. Enumerable.Repeat(Element.FromSymbol("Al"), 4)], [.. moved.Select(lattice.ToFractional)], CoordinateKind.Fractional,
            provenance: Provenance.Root("Synthetic", "synthetic:Al4", [new("note", Note)]));
        return StrainSeries.ByMode([StrainMode.Hydrostatic], StrainRange.Symmetric(0.1m, 0.01m)).Apply(parent);
    }

    private static CalculationRecord Record(Structure structure) => new()
    {
        StructureName = structure.Name,
        Formula = structure.Composition.Formula,
        ContentHash = structure.ContentHash,
        Provenance = structure.Provenance,
        Method = new()
        {
            Code = "VASP",
            KPoints = new([4, 4, 4], GammaCentred: false, "explicit"),
            Settings = System.Collections.Immutable.ImmutableSortedDictionary<string, string>.Empty.Add("SYSTEM", Note),
            Potentials = [new("Al", "synthetic", "PAW_PBE Al 01Jan2000")],
        },
        Writer = "AtomProNet.PS samples",
    };
}
