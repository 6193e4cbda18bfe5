using System.Collections.Immutable;
using AtomProNet.Structures;

namespace AtomProNet.Datasets.Descriptors;

/// <summary>
/// What a structure looks like, as numbers that do not depend on rotation, translation, the order of atoms or the choice of the cell:
/// the power spectrum of the density of neighbours about each atom (Bartók, Kondor, Csányi, Phys. Rev. B 87, 184115 (2013)), averaged
/// over the atoms. Neighbours within the cutoff, weighted by 1 and by a number of their element, are projected onto Gaussians of the
/// distance times real spherical harmonics; products over m are summed for each pair of radial channels and each l. The atoms in the
/// middle count once with 1 and once with the number of their element.
/// </summary>
public sealed class FrameDescriptor
{
    /// <summary>The cutoff, Å. It falls to zero smoothly.</summary>
    public const double Cutoff = 5;

    private const int Shells = 4, Weights = 2, Channels = Shells * Weights, Degrees = RealSphericalHarmonics.MaximumDegree + 1;
    private const int SpectrumLength = Channels * (Channels + 1) / 2 * Degrees;
    private const int CompositionLength = 4;

    /// <summary>How many numbers a descriptor has.</summary>
    public const int Length = Weights * SpectrumLength + CompositionLength;

    private readonly NeighbourSearch neighbours = new();
    private readonly double[] coefficients = new double[Channels * RealSphericalHarmonics.Count];
    private readonly double[] spectrum = new double[SpectrumLength];

    /// <summary>Computes the descriptor of a structure. An instance works for one thread at a time.</summary>
    /// <returns><see cref="Length"/> numbers.</returns>
    public double[] Compute(Structure structure)
    {
        var result = new double[Length];
        Compute(structure, result);
        return result;
    }

    /// <summary>Computes the descriptor of a structure into <paramref name="result"/>, which has <see cref="Length"/> places.</summary>
    public void Compute(Structure structure, Span<double> result)
    {
        result.Clear();
        ImmutableArray<Element> species = structure.Species;
        if (species.IsEmpty)
        {
            return;
        }

        neighbours.Find(structure, Cutoff);
        double share = 1.0 / species.Length;
        for (int i = 0; i < species.Length; i++)
        {
            Project(neighbours.Of(i), species);
            Contract();
            double number = NumberOf(species[i]);
            for (int k = 0; k < SpectrumLength; k++)
            {
                result[k] += share * spectrum[k];
                result[SpectrumLength + k] += share * number * spectrum[k];
            }

            // Which elements there are, also where nothing is near: single atoms of two elements are not alike.
            for (int k = 0; k < CompositionLength; k++)
            {
                result[Weights * SpectrumLength + k] += share * Math.Cos((k + 1) * 2.399963229728653 * species[i].Number);
            }
        }
    }

    /// <summary>The distance of two descriptors over the mean of their lengths: 0 for the same structure, some 0.01 for neighbours in a strain series, 1 for strangers.</summary>
    public static double Distance(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double difference = 0, first = 0, second = 0;
        for (int k = 0; k < a.Length; k++)
        {
            difference += (a[k] - b[k]) * (a[k] - b[k]);
            first += a[k] * a[k];
            second += b[k] * b[k];
        }

        double length = (Math.Sqrt(first) + Math.Sqrt(second)) / 2;
        return length > 0 ? Math.Sqrt(difference) / length : 0;
    }

    // A number of each element's own, spread evenly over −1 … 1 by the golden angle.
    private static double NumberOf(Element element) => Math.Sin(2.399963229728653 * element.Number);

    private void Project(ReadOnlySpan<Neighbour> around, ImmutableArray<Element> species)
    {
        Array.Clear(coefficients);
        Span<double> harmonics = stackalloc double[RealSphericalHarmonics.Count];
        const double spacing = Cutoff / Shells, width = spacing / 1.5;
        foreach (ref readonly Neighbour n in around)
        {
            double r = n.Distance;
            if (r < 1e-6)
            {
                continue;
            }

            RealSphericalHarmonics.Evaluate(n.Vector.X / r, n.Vector.Y / r, n.Vector.Z / r, harmonics);
            double fade = 0.5 * (1 + Math.Cos(Math.PI * r / Cutoff)), number = NumberOf(species[n.Atom]);
            for (int shell = 0; shell < Shells; shell++)
            {
                double x = (r - (shell + 0.6) * spacing) / width;
                double radial = fade * Math.Exp(-0.5 * x * x);
                Span<double> plain = coefficients.AsSpan(shell * RealSphericalHarmonics.Count, RealSphericalHarmonics.Count);
                Span<double> weighted = coefficients.AsSpan((Shells + shell) * RealSphericalHarmonics.Count, RealSphericalHarmonics.Count);
                double other = radial * number;
                for (int m = 0; m < RealSphericalHarmonics.Count; m++)
                {
                    plain[m] += radial * harmonics[m];
                    weighted[m] += other * harmonics[m];
                }
            }
        }
    }

    private void Contract()
    {
        int at = 0;
        for (int a = 0; a < Channels; a++)
        {
            ReadOnlySpan<double> first = coefficients.AsSpan(a * RealSphericalHarmonics.Count, RealSphericalHarmonics.Count);
            for (int b = a; b < Channels; b++)
            {
                ReadOnlySpan<double> second = coefficients.AsSpan(b * RealSphericalHarmonics.Count, RealSphericalHarmonics.Count);
                for (int l = 0; l < Degrees; l++)
                {
                    double sum = 0;
                    for (int m = l * l; m < (l + 1) * (l + 1); m++)
                    {
                        sum += first[m] * second[m];
                    }

                    spectrum[at++] = sum / Math.Sqrt(2 * l + 1) * (a == b ? 1 : Math.Sqrt(2));
                }
            }
        }
    }
}
