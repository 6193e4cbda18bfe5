using AtomProNet.Structures;

namespace AtomProNet.Databases.Bundled;

/// <summary>A site of an asymmetric unit.</summary>
/// <param name="Element">The element on it.</param>
/// <param name="Wyckoff">Multiplicity and Wyckoff letter, such as <c>12c</c>.</param>
/// <param name="Position">Its fractional coordinates.</param>
public readonly record struct CrystalSite(Element Element, string Wyckoff, Vector3D Position);
