using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using AtomProNet.Structures;

namespace AtomProNet.Serialization;

/// <summary>A structure as its constructor takes it: with the coordinates that it was given, so that no number changes.</summary>
internal sealed class StructureConverter : JsonConverter<Structure>
{
    /// <inheritdoc/>
    public override Structure Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        Parts parts = JsonSerializer.Deserialize<Parts>(ref reader, options) ?? throw new JsonException("The structure is null.");
        return new Structure(parts.Lattice, parts.Species, parts.Positions, parts.CoordinateKind, parts.Periodicity, parts.SiteProperties.WithComparers(StringComparer.Ordinal), parts.Name, parts.Provenance);
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Structure value, JsonSerializerOptions options) => JsonSerializer.Serialize(
        writer,
        new Parts
        {
            Name = value.Name,
            Lattice = value.Lattice,
            Periodicity = value.Periodicity,
            Species = value.Species,
            CoordinateKind = value.CoordinateKind,
            Positions = value.CoordinateKind == CoordinateKind.Fractional ? value.FractionalPositions : value.CartesianPositions,
            SiteProperties = value.SiteProperties,
            Provenance = value.Provenance,
        },
        options);

    private sealed record Parts
    {
        public string? Name { get; init; }

        public Lattice? Lattice { get; init; }

        public required Periodicity Periodicity { get; init; }

        public required ImmutableArray<Element> Species { get; init; }

        public required CoordinateKind CoordinateKind { get; init; }

        public required ImmutableArray<Vector3D> Positions { get; init; }

        public required ImmutableSortedDictionary<string, SiteProperty> SiteProperties { get; init; }

        public Provenance? Provenance { get; init; }
    }
}
