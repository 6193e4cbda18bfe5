using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using AtomProNet.Databases;
using AtomProNet.Databases.Bundled;
using AtomProNet.Databases.Cache;
using AtomProNet.Databases.Optimade;
using AtomProNet.Structures;

namespace AtomProNet.Tests.Databases;

/// <summary>Entries of every kind that the specification knows.</summary>
public sealed partial class OptimadeClientTests
{
    [Fact]
    public async Task What_cannot_be_a_structure_is_an_error_of_that_entry()
    {
        var cases = new (string Id, Action<JsonNode> Change, string? Error)[]
        {
            ("mixed", a => a["species"] = new JsonArray(FakeOptimade.Species("Na", ["Na", "K"], [0.5, 0.5]), Cl()), "PartialOccupancy"),
            ("vacant", a => a["species"] = new JsonArray(FakeOptimade.Species("Na", ["Na", "vacancy"], [0.9, 0.1]), Cl()), "PartialOccupancy"),
            ("less", a => a["species"] = new JsonArray(FakeOptimade.Species("Na", ["Na"], [0.9]), Cl()), "PartialOccupancy"),
            ("unoccupied", a => a["species"] = new JsonArray(FakeOptimade.Species("Na", ["Na", "vacancy"], [1.0, 0.0]), Cl()), null),
            ("digits", a => a["species"] = new JsonArray(FakeOptimade.Species("Na", ["Na"], [0.99999999999]), Cl()), null),
            ("unknown", a => a["species"] = new JsonArray(FakeOptimade.Species("Na", ["X"], [1]), Cl()), "ElementUnknown"),
            ("odd", a => a["species"] = new JsonArray(FakeOptimade.Species("Na", ["Qq"], [1]), Cl()), "ElementUnknown"),
            ("lengths", a => a["species"] = new JsonArray(FakeOptimade.Species("Na", ["Na"], [0.5, 0.5]), Cl()), "MaterialUnreadable"),
            ("undescribed", a => a["species"] = new JsonArray(Cl()), "MaterialUnreadable"),
            ("twice", a => a["species"] = new JsonArray(Cl(), Cl()), "MaterialUnreadable"),
            ("attached", a => a["species"]![0]!["attached"] = new JsonArray("H"), "StructureNotExplicit"),
            ("implicit", a => a["structure_features"] = new JsonArray("implicit_atoms"), "StructureNotExplicit"),
            ("assemblies", a => a["assemblies"] = new JsonArray(new JsonObject { ["sites_in_groups"] = new JsonArray(new JsonArray(0), new JsonArray(1)), ["group_probabilities"] = new JsonArray(0.3, 0.7) }), "StructureNotExplicit"),
            ("future", a => a["structure_features"] = new JsonArray("quasicrystal"), "FeatureUnknown"),
            ("disorder elsewhere", a => a["structure_features"] = new JsonArray("disorder"), null),
            ("count", a => a["nsites"] = 3, "MaterialContradictory"),
            ("formula", a => a["chemical_formula_reduced"] = "ClK", "MaterialContradictory"),
            ("positions", a => a["cartesian_site_positions"] = FakeOptimade.Matrix([[0, 0, 0]]), "MaterialUnreadable"),
            ("no positions", a => a["cartesian_site_positions"] = null, "MaterialUnreadable"),
            ("no lattice", a => a["lattice_vectors"] = null, "MaterialUnreadable"),
            ("flat lattice", a => a["lattice_vectors"] = FakeOptimade.Matrix([[1, 0, 0], [0, 1, 0], [1, 1, 0]]), "LatticeSingular"),
            ("text", a => a["lattice_vectors"] = "cubic", "MaterialUnreadable"),
            ("fine", _ => { }, null),
        };
        foreach ((string id, Action<JsonNode> change, _) in cases)
        {
            JsonObject entry = FakeOptimade.RockSalt(id, "Na", "Cl", 5.64);
            change(entry["attributes"]!);
            server.Entries.Add(entry);
        }

        IReadOnlyList<DatabaseEntry> entries = await Entries(All);
        Assert.Equal(cases.Select(c => (c.Id, c.Error)), entries.Select(e => (e.Id, e.Error?.ErrorId)));
        Assert.All(entries.Where(e => e.Error is not null), e => Assert.StartsWith(e.Id + ": ", e.Error!.Message, StringComparison.Ordinal));

        static JsonObject Cl() => FakeOptimade.Species("Cl", ["Cl"], [1]);
    }

    [Fact]
    public async Task Names_of_species_say_nothing_about_elements_and_an_empty_site_is_no_atom()
    {
        JsonObject entry = FakeOptimade.Entry("1", [[4, 0, 0], [0, 4, 0], [0, 0, 4]], ["C", "O2", "gap"], [[0, 0, 0], [2, 2, 2], [1, 1, 1]], "OTi");
        entry["attributes"]!["species"] = new JsonArray(FakeOptimade.Species("C", ["Ti"], [1]), FakeOptimade.Species("O2", ["O"], [1]), FakeOptimade.Species("gap", ["vacancy"], [1]));
        server.Entries.Add(entry);
        Structure structure = Assert.Single(await Structures(All));
        Assert.Equal(["Ti", "O"], structure.Species.Select(e => e.Symbol));
    }

    [Fact]
    public async Task Directions_that_do_not_repeat_need_no_vector()
    {
        JsonObject molecule = FakeOptimade.Entry("molecule", null, ["O", "H", "H"], [[0, 0, 0], [0.96, 0, 0], [-0.24, 0.93, 0]], "H2O");
        molecule["attributes"]!["dimension_types"] = new JsonArray(0, 0, 0);
        JsonObject boxed = FakeOptimade.Entry("boxed", [[9, 0, 0], [0, 9, 0], [0, 0, 9]], ["O", "H", "H"], [[0, 0, 0], [0.96, 0, 0], [-0.24, 0.93, 0]], "H2O");
        boxed["attributes"]!["dimension_types"] = new JsonArray(0, 0, 0);
        JsonObject slab = FakeOptimade.Entry("slab", null, ["C", "C"], [[0, 0, 0], [0, 1.42, 0]], "C");
        slab["attributes"]!["dimension_types"] = new JsonArray(1, 0, 1);
        slab["attributes"]!["lattice_vectors"] = new JsonArray(new JsonArray(2.46, 0, 0), new JsonArray(null, null, null), new JsonArray(0, 0, 4.26));
        JsonObject wire = FakeOptimade.Entry("wire", null, ["Au"], [[0, 0, 0]], "Au");
        wire["attributes"]!["dimension_types"] = new JsonArray(0, 0, 1);
        wire["attributes"]!["lattice_vectors"] = new JsonArray(null, new JsonArray(null, null, null), new JsonArray(0, 0, 2.9));
        JsonObject broken = FakeOptimade.Entry("broken", null, ["Au"], [[0, 0, 0]], "Au");
        broken["attributes"]!["dimension_types"] = new JsonArray(0, 2, 1);
        server.Entries.AddRange([molecule, boxed, slab, wire, broken]);
        IReadOnlyList<DatabaseEntry> entries = await Entries(All);
        Assert.Null(entries[0].Structure!.Lattice);
        Assert.Equal(Periodicity.None, entries[0].Structure!.Periodicity);
        Assert.NotNull(entries[1].Structure!.Lattice);
        Assert.Equal(Periodicity.None, entries[1].Structure!.Periodicity);
        Structure sheet = entries[2].Structure!;
        Assert.Equal(new Periodicity(true, false, true), sheet.Periodicity);
        Assert.Equal((new Vector3D(2.46, 0, 0), new Vector3D(0, 0, 4.26)), (sheet.Lattice!.A, sheet.Lattice.C));
        Assert.Equal(0, Vector3D.Dot(sheet.Lattice.B, sheet.Lattice.A));
        Assert.Equal([new(0, 0, 0), new(0, 1.42, 0)], sheet.CartesianPositions);
        Assert.Equal(new Periodicity(false, false, true), entries[3].Structure!.Periodicity);
        Assert.Equal("MaterialUnreadable", entries[4].Error!.ErrorId);
    }

    [Fact]
    public async Task An_asymmetric_unit_is_made_into_the_whole_cell()
    {
        // Alpha quartz, Levien et al. 1980, with the six operations of P3_221 from the International Tables.
        server.ApiVersion = "1.2.0";
        server.Properties.UnionWith(["fractional_site_positions", "site_coordinate_span", "space_group_symmetry_operations_xyz", "space_group_it_number"]);
        BundledCrystal quartz = BundledCrystals.Find("SiO2-quartz")!;
        JsonObject entry = FakeOptimade.Entry("quartz", [.. Enumerable.Range(0, 3).Select(i => new[] { quartz.Lattice.Rows[i].X, quartz.Lattice.Rows[i].Y, quartz.Lattice.Rows[i].Z })], ["Si", "O"], [[0, 0, 0], [0, 0, 0]], "O2Si");
        JsonNode attributes = entry["attributes"]!;
        attributes["cartesian_site_positions"] = null;
        attributes["fractional_site_positions"] = FakeOptimade.Matrix([[0.4697, 0, 0.66667], [0.4135, 0.2669, 0.785767]]);
        attributes["site_coordinate_span"] = "asymmetric_unit";
        attributes["space_group_symmetry_operations_xyz"] = new JsonArray("x,y,z", "-y,x-y,z+2/3", "-x+y,-x,1/3+z", "y,x,-z", "x-y,-y,-z+1/3", "-x,y-x,2/3-z");
        attributes["space_group_it_number"] = 154;
        attributes["nsites"] = 9;
        server.Entries.Add(entry);
        JsonObject noOperations = (JsonObject)entry.DeepClone();
        noOperations["id"] = "2";
        noOperations["attributes"]!["space_group_symmetry_operations_xyz"] = null;
        JsonObject odd = (JsonObject)entry.DeepClone();
        odd["id"] = "3";
        odd["attributes"]!["site_coordinate_span"] = "molecular_entities";
        JsonObject bad = (JsonObject)entry.DeepClone();
        bad["id"] = "4";
        bad["attributes"]!["space_group_symmetry_operations_xyz"] = new JsonArray("x,y,z", "x,y,z+1/7");
        server.Entries.AddRange([noOperations, odd, bad]);

        IReadOnlyList<DatabaseEntry> entries = await Entries(All);
        Structure made = entries[0].Structure!;
        Assert.Equal(9, made.AtomCount);
        Assert.Equal("154", made.Provenance!.Parameters["space_group_number"]);
        var images = new MinimumImage(made.Lattice, Periodicity.Full);
        for (int i = 0; i < 9; i++)
        {
            Assert.Contains(Enumerable.Range(0, 9), j => quartz.Structure.Species[j] == made.Species[i] && images.Distance(quartz.Structure.CartesianPositions[j], made.CartesianPositions[i]) < 1e-3);
        }

        Assert.Equal(["SymmetryMissing", "SpanUnknown", "SymmetryUnreadable"], entries.Skip(1).Select(e => e.Error!.ErrorId));
    }
}
