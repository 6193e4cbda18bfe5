using AtomProNet.Structures;

namespace AtomProNet.Generation;

/// <summary>The rule by which atoms count as too close: below a fraction of the sum of their covalent radii.</summary>
/// <param name="Fraction">The fraction of the sum of the covalent radii; 0 allows everything.</param>
public readonly record struct CovalentContact(double Fraction)
{
    /// <summary>
    /// The fraction unless told otherwise: bonds are about as long as the sum of the radii, and strained or hot crystals stay above 0.7 of it
    /// (Al–O 1.31 Å, O–O 0.92 Å, Si–Si 1.55 Å).
    /// </summary>
    public const double DefaultFraction = 0.7;

    /// <summary>The shortest distance allowed between two elements, Å.</summary>
    public double Limit(Element a, Element b) => Fraction * (a.CovalentRadius + b.CovalentRadius);

    /// <summary>Checks that the fraction makes sense.</summary>
    /// <exception cref="AtomProNetException">It is negative, or so large that no solid meets it.</exception>
    internal void Validate()
    {
        if (!(Fraction >= 0) || Fraction > 1.2)
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "MinimumDistanceInvalid", "The minimum distance is a fraction of the sum of the covalent radii, from 0 to 1.2.", value: Descent.Text(Fraction), remedy: "Give it such as 0.7; 0 allows everything.");
        }
    }
}
