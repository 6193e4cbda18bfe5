using AtomProNet.Structures;

namespace AtomProNet.Datasets.Checks;

/// <summary>Compares the stress along a path with the derivative of the fitted energy, and names what a difference looks like.</summary>
internal static class SeriesComparison
{
    // What SCF and the FFT grid leave, eV.
    private const double EnergyTolerance = 0.005, EnergyTolerancePerAtom = 1e-3;
    private const double ToleranceInKilobar = 5, Kilobar = PhysicalConstants.ElectronvoltPerCubicAngstromInKilobar;

    /// <summary>What is wrong with a series: an energy off the curve through all others; stresses that do not agree with the rest within max(5 kB, the error of the fit).</summary>
    public static IEnumerable<TrainingSetFinding> Judge(SeriesPath path)
    {
        (double[] volumes, bool volumetric, double[] x) = Abscissas(path);
        if (EnergyFit.Outlier(x, [.. path.Points.Select(p => p.Energy)], EnergyTolerance + EnergyTolerancePerAtom * path.Points[0].Atoms) is { } odd)
        {
            yield return Finding(
                FindingSeverity.Warning,
                "EnergyOutlier",
                $"Along a series of {path.Points.Length} frames of {path.Points[0].Atoms} atoms one energy lies off the curve through all others.",
                "Look at this frame: another magnetic state, a calculation gone wrong, or labels of another frame.",
                path,
                [odd.Index],
                _ => FormattableString.Invariant($"{odd.Difference:+0.000;-0.000} eV from the curve"));
            // What the others say is no longer drowned.
            int[] others = [.. Enumerable.Range(0, path.Points.Length).Where(i => i != odd.Index)];
            path = path with { Points = [.. others.Select(i => path.Points[i])], Deformations = [.. others.Select(i => path.Deformations[i])], Parameters = [.. others.Select(i => path.Parameters[i])] };
            (volumes, volumetric, x) = Abscissas(path);
        }

        if (Compare(path, volumes, volumetric, x) is { } finding)
        {
            yield return finding;
        }
    }

    private static (double[] Volumes, bool Volumetric, double[] X) Abscissas(SeriesPath path)
    {
        double[] volumes = [.. path.Points.Select(p => Math.Abs(p.Lattice.Determinant))];
        double middle = volumes[volumes.Length / 2];
        bool volumetric = (volumes.Max() - volumes.Min()) / middle > 3e-3;
        return (volumes, volumetric, volumetric ? [.. volumes.Select(v => Math.Pow(middle / v, 2.0 / 3) - 1)] : path.Parameters);
    }

    private static TrainingSetFinding? Compare(SeriesPath path, double[] volumes, bool volumetric, double[] x)
    {
        int n = path.Points.Length;
        var fit = new EnergyFit(x, [.. path.Points.Select(p => p.Energy)]);

        // Both as stresses along the path, tension positive, eV/Å³: σ = (dE/dt) / (dV/dt), or per V|G| where the volume stays.
        double[] fitted = new double[n], printed = new double[n], tolerance = new double[n];
        for (int i = 0; i < n; i++)
        {
            Matrix3x3 rate = path.Deformations[i].Inverse() * path.Direction;
            double volumeRate = volumes[i] * (rate[0, 0] + rate[1, 1] + rate[2, 2]);
            double work = volumes[i] * Contract(path.Points[i].Stress.ToMatrix(), rate);
            double scale = volumetric ? volumeRate : volumes[i] * Math.Sqrt(rate.ToRowMajor().Sum(g => g * g));
            (double slope, double error) = fit.Derivative(x[i]);
            double inner = volumetric ? -2.0 / 3 * (x[i] + 1) / volumes[i] * volumeRate : 1;
            fitted[i] = slope * inner / scale;
            printed[i] = work / scale;
            tolerance[i] = Math.Max(ToleranceInKilobar / Kilobar, Math.Abs(error * inner / scale));
        }

        int[] off = [.. Enumerable.Range(0, n).Where(i => Math.Abs(fitted[i] - printed[i]) > tolerance[i])];
        // One frame off is a frame with a wrong label, a few at the ends are the fit's own.
        return off.Length == 0 ? null : Name(path, volumes, fitted, printed, tolerance, off, volumetric);
    }

    private static TrainingSetFinding? Name(SeriesPath path, double[] volumes, double[] fitted, double[] printed, double[] tolerance, int[] off, bool volumetric)
    {
        int n = fitted.Length;
        string series = $"a series of {n} frames of {path.Points[0].Atoms} atoms";
        if (Factor(path.Points[0].Atoms, volumes, fitted, printed) is { } factor)
        {
            return Finding(FindingSeverity.Error, factor.Code, $"Along {series} the derivative of the energy is {factor.Text} the stress.", factor.Advice, path, Enumerable.Range(0, n), i => FormattableString.Invariant($"fit {-fitted[i] * Kilobar:F1} kB, label {-printed[i] * Kilobar:F1} kB"));
        }

        double[] differences = [.. fitted.Zip(printed, (f, p) => (p - f) * Kilobar)], products = [.. differences.Zip(volumes, (d, v) => d * v)];
        double mean = products.Average(), spread = Math.Sqrt(products.Sum(p => (p - mean) * (p - mean)) / n);
        if (volumetric && mean > 0 && spread < 0.35 * mean && off.Length > n / 2)
        {
            return Finding(
                FindingSeverity.Warning,
                "PulayStress",
                FormattableString.Invariant($"Along {series} −dE/dV of a fit lies {differences.Min():F0} to {differences.Max():F0} kB above the pressure of the labels, and difference × V is nearly constant ({products.Min():G3} to {products.Max():G3} kB·Å³): Pulay stress. Energies and stresses of the set contradict each other."),
                "Compute with a larger cut-off (ENCUT at least 1.3 × the largest ENMAX), or leave the stress out of the training.",
                path,
                off,
                i => FormattableString.Invariant($"fit {-fitted[i] * Kilobar:F1} kB, label {-printed[i] * Kilobar:F1} kB"));
        }

        double worst = off.Max(i => Math.Abs(fitted[i] - printed[i]) * Kilobar);
        return Finding(
            off.Length > n / 3 && worst > 10 * ToleranceInKilobar ? FindingSeverity.Error : FindingSeverity.Warning,
            "StressContradictsEnergy",
            FormattableString.Invariant($"Along {series} the stress of {off.Length} frames differs from the derivative of the energy by up to {worst:F0} kB."),
            "Energies, stresses or cells belong to different frames, or one of them was computed in another way: read the outputs again.",
            path,
            off,
            i => FormattableString.Invariant($"fit {-fitted[i] * Kilobar:F1} kB, label {-printed[i] * Kilobar:F1} kB"));
    }

    // A factor φ with fitted = φ·printed (+ c/V for Pulay stress) that explains the difference far better than φ = 1.
    private static (string Code, string Text, string Advice)? Factor(int atoms, double[] volumes, double[] fitted, double[] printed)
    {
        (double slope, double residual) = Regress(volumes, fitted, printed, null);
        (_, double residualOfOne) = Regress(volumes, fitted, printed, 1);
        if (Math.Abs(slope - 1) < 0.15 || residual > 0.3 * residualOfOne)
        {
            return null;
        }

        double volume = volumes[volumes.Length / 2];
        double[] units = [Kilobar, 160.2176634, 10, 91.8158, 183.6316];
        if (IsNear(slope, -1))
        {
            return ("StressSign", "−1 times", "Turn the sign of the stress: it is tension positive here, in ASE and in MACE; a virial is compression positive.");
        }

        foreach (double unit in units)
        {
            if (IsNear(Math.Abs(slope), unit) || IsNear(Math.Abs(slope), 1 / unit))
            {
                string sign = slope < 0 ? ", and has the wrong sign" : "";
                return ("StressUnit", FormattableString.Invariant($"{slope:G4} times"), $"The stress is in another unit{sign}: it belongs in eV/Å³ (1602.18 kbar, 160.218 GPa; 1 Ry/bohr³ = 91.816 eV/Å³), tension positive.");
            }
        }

        if (IsNear(Math.Abs(slope), 1 / volume) || IsNear(Math.Abs(slope), volume))
        {
            return ("StressVolume", FormattableString.Invariant($"{slope:G4} times (the volume is {volume:G4} Å³)"), "A virial (eV) and a stress (eV/Å³) are mixed up: σ = −virial/V.");
        }

        if (IsNear(slope, 1 / PhysicalConstants.RydbergInElectronvolt) || IsNear(slope, 1 / PhysicalConstants.HartreeInElectronvolt))
        {
            return ("EnergyUnit", FormattableString.Invariant($"{slope:G4} times"), "The energies are in Ry or Ha: convert them to eV.");
        }

        if (atoms > 1 && IsNear(slope, 1.0 / atoms))
        {
            return ("EnergyPerAtom", FormattableString.Invariant($"{slope:G4} times"), "The energies are per atom: multiply them by the number of atoms.");
        }

        double bohr = PhysicalConstants.BohrInAngstrom * PhysicalConstants.BohrInAngstrom * PhysicalConstants.BohrInAngstrom;
        return IsNear(slope, bohr) || IsNear(slope, 1 / bohr)
            ? ("LengthUnit", FormattableString.Invariant($"{slope:G4} times"), "The cell is in bohr: convert it to Å.")
            : null;
    }

    // Least squares of fitted = φ·printed + c/V; φ may be given. Returns φ and the root of the mean squared residual.
    private static (double Slope, double Residual) Regress(double[] volumes, double[] fitted, double[] printed, double? given)
    {
        double middle = volumes[volumes.Length / 2];
        double[] q = [.. volumes.Select(v => middle / v)];
        double pp = Sum(printed, printed), pq = Sum(printed, q), qq = Sum(q, q), fp = Sum(fitted, printed), fq = Sum(fitted, q);
        double determinant = pp * qq - pq * pq;
        double slope = given ?? (Math.Abs(determinant) > 1e-12 * pp * qq ? (fp * qq - fq * pq) / determinant : pp > 0 ? fp / pp : 0);
        double offset = (fq - slope * pq) / qq;
        double squares = 0;
        for (int i = 0; i < fitted.Length; i++)
        {
            double r = fitted[i] - slope * printed[i] - offset * q[i];
            squares += r * r;
        }

        return (slope, Math.Sqrt(squares / fitted.Length));

        static double Sum(double[] a, double[] b)
        {
            double sum = 0;
            for (int i = 0; i < a.Length; i++)
            {
                sum += a[i] * b[i];
            }

            return sum;
        }
    }

    private static bool IsNear(double ratio, double factor) => Math.Abs(ratio / factor - 1) < 0.1;

    private static double Contract(Matrix3x3 a, Matrix3x3 b) => Vector3D.Dot(a.Row1, b.Row1) + Vector3D.Dot(a.Row2, b.Row2) + Vector3D.Dot(a.Row3, b.Row3);

    private static TrainingSetFinding Finding(FindingSeverity severity, string code, string message, string advice, SeriesPath path, IEnumerable<int> frames, Func<int, string> detail)
    {
        int[] all = [.. frames];
        return new(severity, code, message, advice, all.Length, [.. all.Take(TrainingSetFinding.ListedFrames).Select(i => path.Points[i].Reference with { Detail = detail(i) })]);
    }
}
