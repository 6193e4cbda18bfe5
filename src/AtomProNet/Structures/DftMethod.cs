using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace AtomProNet.Structures;

/// <summary>
/// How a frame was computed. What is null was not printed. Frames whose <see cref="Fingerprint"/> differs do not belong in one
/// training set without thought. Immutable.
/// </summary>
public sealed record DftMethod
{
    /// <summary>The code: <c>VASP</c>, <c>pw.x</c>.</summary>
    public required string Code { get; init; }

    /// <summary>The code's version, as printed. Recorded, not part of the fingerprint.</summary>
    public string? Version { get; init; }

    /// <summary>The exchange-correlation functional, such as <c>PBE</c>.</summary>
    public string? Functional { get; init; }

    /// <summary>The dispersion correction, such as <c>D3(BJ)</c>; null for none.</summary>
    public string? Dispersion { get; init; }

    /// <summary>The plane-wave cut-off in eV.</summary>
    public double? CutoffEnergy { get; init; }

    /// <summary>The charge-density cut-off in eV, where the code has one of its own (pw.x's ecutrho).</summary>
    public double? DensityCutoffEnergy { get; init; }

    /// <summary>VASP's PREC.</summary>
    public string? Precision { get; init; }

    /// <summary>The smearing: <c>Gaussian</c>, <c>MethfesselPaxton1</c>, <c>Fermi</c>, <c>TetrahedronBloechl</c>, <c>Fixed</c> …</summary>
    public string? Smearing { get; init; }

    /// <summary>The smearing width in eV.</summary>
    public double? SmearingWidth { get; init; }

    /// <summary>VASP's LASPH.</summary>
    public bool? AsphericalCorrections { get; init; }

    /// <summary>Whether the calculation was spin-polarised. Recorded.</summary>
    public bool? SpinPolarised { get; init; }

    /// <summary>The potential of each element symbol, such as <c>PAW_PBE Al 04Jan2001</c>. A list where an element stands twice with different potentials.</summary>
    public ImmutableSortedDictionary<string, string> Potentials { get; init; } = ImmutableSortedDictionary<string, string>.Empty.WithComparers(StringComparer.Ordinal);

    /// <summary>
    /// The effective Hubbard U in eV of each element symbol that has one. What belongs to +U besides has names that begin with the symbol:
    /// <c>Fe1</c> where sites of one element differ, <c>Fe-3p</c> for another manifold, <c>Fe J0</c>, <c>Co-O V</c>.
    /// </summary>
    public ImmutableSortedDictionary<string, double> HubbardU { get; init; } = ImmutableSortedDictionary<string, double>.Empty.WithComparers(StringComparer.Ordinal);

    /// <summary>The k-point mesh. Recorded.</summary>
    public string? KPointMesh { get; init; }

    /// <summary>The break condition of the electronic loop in eV. Recorded.</summary>
    public double? ElectronicTolerance { get; init; }

    /// <summary>On how many cores it was computed (processes times threads). Recorded; it says nothing about the labels.</summary>
    public int? CoreCount { get; init; }

    /// <summary>
    /// SHA-256 (its first 16 hex digits) of what must agree within one training set: code, functional, dispersion, cut-offs,
    /// precision, smearing and its width, LASPH. Potentials and +U are compared element by element, since sets hold different elements.
    /// </summary>
    public string Fingerprint
    {
        get
        {
            string text = string.Create(CultureInfo.InvariantCulture, $"{Code}|{Functional}|{Dispersion}|{CutoffEnergy}|{DensityCutoffEnergy}|{Precision}|{Smearing}|{SmearingWidth}|{AsphericalCorrections}");
            return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16].ToLowerInvariant();
        }
    }

    /// <inheritdoc/>
    public bool Equals(DftMethod? other) => other is not null
        && Fingerprint == other.Fingerprint && Version == other.Version && SpinPolarised == other.SpinPolarised
        && KPointMesh == other.KPointMesh && ElectronicTolerance == other.ElectronicTolerance && CoreCount == other.CoreCount
        && Potentials.SequenceEqual(other.Potentials) && HubbardU.SequenceEqual(other.HubbardU);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Code, Version, Functional, CutoffEnergy, KPointMesh);

    /// <summary>Code, functional and cut-off in one line.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Code} {Version} {Functional ?? "?"} {CutoffEnergy} eV").Trim();
}
