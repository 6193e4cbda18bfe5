using AtomProNet.Structures;

namespace AtomProNet.Formats.Poscar;

/// <summary>How <see cref="PoscarWriter"/> writes.</summary>
public sealed record PoscarWriteOptions
{
    /// <summary>The first line; null for the structure's name, or its formula where it has none. Put on one line.</summary>
    public string? Comment { get; init; }

    /// <summary>Direct or Cartesian; null for the coordinates that the structure was given, which are exact.</summary>
    public CoordinateKind? Coordinates { get; init; }

    /// <summary>Whether the site property <c>velocities</c> (Å/fs) is written where there is one.</summary>
    public bool IncludeVelocities { get; init; } = true;

    /// <summary>Whether the site property <c>selective_dynamics</c> is written where there is one.</summary>
    public bool IncludeSelectiveDynamics { get; init; } = true;
}
