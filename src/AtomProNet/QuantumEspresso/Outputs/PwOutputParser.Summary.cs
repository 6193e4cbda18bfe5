using AtomProNet.Structures;
using AtomProNet.Text;

namespace AtomProNet.QuantumEspresso.Outputs;

/// <summary>The summary that pw.x prints before the first self-consistency (PW/src/summary.f90), and again before the last one of a vc-relax.</summary>
internal sealed partial class PwOutputParser
{
    private void DispatchSummary(ReadOnlySpan<byte> t)
    {
        PwRun r = run!;
        if (DispatchHubbard(t))
        {
            return;
        }

        switch (t[0])
        {
            case (byte)'b' when t.StartsWith("bravais-lattice index"u8):
                CloseStep();
                break;
            case (byte)'l' when t.StartsWith("lattice parameter ("u8):
                r.AlatShort = TryFixed(t, 4, out double alatShort, out _) ? alatShort : null;
                break;
            case (byte)'u' when t.StartsWith("unit-cell volume"u8):
                r.CellVolume = TryFixed(t, 4, out double volume, out _) ? volume : null;
                break;
            case (byte)'n' when t.StartsWith("number of atoms/cell"u8):
                if (TryNumber(t, out double atoms) && atoms is >= 1 and < 10_000_000 && atoms == Math.Floor(atoms))
                {
                    r.AtomCount = (int)atoms;
                }

                break;
            case (byte)'n' when t.StartsWith("number of electrons"u8):
                r.ElectronCount = TryFixed(t, 2, out double electrons, out _) ? electrons : null;
                break;
            case (byte)'n' when t.StartsWith("number of Kohn-Sham states"u8):
                r.BandCount = TryNumber(t, out double bands) && bands is >= 1 and < 1e7 ? (int)bands : null;
                break;
            case (byte)'n' when t.StartsWith("number of k points"u8):
                ReadKPointCount(t);
                break;
            case (byte)'n' when t.StartsWith("nstep  "u8):
            case (byte)'f' when t.StartsWith("force convergence thresh"u8):
                r.MovesIons = true;
                break;
            case (byte)'p' when t.StartsWith("press convergence thresh"u8):
            case (byte)'c' when t.StartsWith("cell mass ="u8):
                r.MovesIons = r.MovesCell = true;
                break;
            case (byte)'k' when t.StartsWith("kinetic-energy cutoff"u8):
                r.WavefunctionCutoff = TryFixed(t, 4, out double wavefunction, out _) ? wavefunction : null;
                break;
            case (byte)'c' when t.StartsWith("charge density cutoff"u8):
                r.DensityCutoff = TryFixed(t, 4, out double density, out _) ? density : null;
                break;
            case (byte)'s' when t.StartsWith("scf convergence threshold"u8):
            case (byte)'c' when t.StartsWith("convergence threshold "u8):
                if (TryNumber(t.TrimEnd("Ry "u8), out double threshold))
                {
                    r.Threshold = threshold;
                    r.FirstThreshold ??= threshold;
                }

                break;
            case (byte)'E' when t.StartsWith("Exchange-correlation"u8):
                ReadFunctional(t);
                break;
            case (byte)'E' when t.StartsWith("EXX-fraction"u8):
                r.ExactExchangeFraction = TryFixed(t, 2, out double fraction, out _) ? fraction : null;
                break;
            case (byte)'E' when t.StartsWith("Effective Screening Medium Method"u8):
                r.Features |= PwFeatures.EffectiveScreeningMedium;
                break;
            case (byte)'E' when t.StartsWith("Environ Module"u8):
                r.Features |= PwFeatures.Environment;
                break;
            case (byte)'E' when t.StartsWith("External force field information"u8):
                r.Features |= PwFeatures.ExternalForceFields;
                break;
            case (byte)'e' when t.StartsWith("employing two chemical potentials"u8):
                r.Features |= PwFeatures.ExcitedElectrons;
                break;
            case (byte)'O' when t.StartsWith("OSCDFT"u8):
                r.Features |= PwFeatures.ConstrainedOccupations;
                break;
            case (byte)'U' when t.StartsWith("Using Berry phase electric field"u8):
                r.Features |= PwFeatures.BerryPhaseField;
                break;
            case (byte)'A' when t.StartsWith("Adding external electric field"u8):
                r.Features |= PwFeatures.SawtoothField;
                break;
            case (byte)'A' when t.StartsWith("Adding charged plate"u8):
                r.Features |= PwFeatures.Gate;
                break;
            case (byte)'A' when t.StartsWith("Assuming isolated system"u8):
                r.Features |= PwFeatures.Isolated;
                break;
            case (byte)'c' when t.StartsWith("constrained moment"u8) || t.StartsWith("constrained theta"u8) || t.StartsWith("constraint energy"u8):
            case (byte)'M' when t.StartsWith("Magnetic field            ="u8):
            case (byte)'l' when t.StartsWith("lambda                    ="u8):
                r.Features |= PwFeatures.ConstrainedMagnetization;
                break;
            case (byte)'c' when t.StartsWith("celldm(1)="u8):
                r.Alat = TryFixed(t, 6, out double alat, out _) ? alat : null;
                break;
            case (byte)'c' when t.StartsWith("crystal axes:"u8):
                r.SummaryCount++;
                summaryIsNew = true;
                r.SummaryProblem = null;
                r.SiteLabels = null;
                r.Axes = ReadAxes("a("u8);
                break;
            case (byte)'r' when t.StartsWith("reciprocal axes:"u8):
                r.ReciprocalAxes = ReadAxes("b("u8);
                break;
            case (byte)'P' when t.StartsWith("Parallel version"u8):
            case (byte)'S' when t.StartsWith("Serial "u8):
                r.CoreCount = t.IndexOf("running on"u8) is > 0 and var running && new Utf8Fields(t[(running + 10)..]).TryReadDouble(out double cores) && cores is >= 1 and < 1e7 ? (int)cores : t.StartsWith("Serial version"u8) ? 1 : null;
                break;
            case (byte)'P' when t.StartsWith("PseudoPot. #"u8):
                ReadPotential(t);
                break;
            case (byte)'P' when t.StartsWith("Parameters for DFT-D3"u8):
                r.Dispersion = "D3";
                break;
            case (byte)'P' when t.StartsWith("Parameters for Dispersion"u8):
                r.Dispersion = "D2";
                break;
            case (byte)'[' when t.StartsWith("[opt_tetra]"u8):
                r.OptimizedTetrahedra = true;
                break;
            case (byte)'O' when t.StartsWith("Occupations read from input"u8):
                r.Smearing = "FromInput";
                break;
            case (byte)'T' when t.StartsWith("TS-vdW initialization"u8):
                r.Dispersion = r.Dispersion == "MBD" ? "MBD" : "TS"; // MBD begins as TS
                break;
            case (byte)'*' when t.StartsWith("* XDM dispersion"u8):
                r.Dispersion = "XDM";
                break;
            case (byte)'a' when t.StartsWith("atomic species   valence"u8):
                ReadSpecies();
                break;
            case (byte)'S' when t.StartsWith("Starting magnetic structure"u8):
                r.SpinPolarised = true;
                break;
            case (byte)'N' when t.StartsWith("Noncollinear calculation"u8) || t.StartsWith("Non magnetic calculation with spin-orbit"u8):
                r.NonCollinear = true;
                break;
            case (byte)'s' when t.StartsWith("site n.     atom"u8):
                if (t.IndexOf("alat units"u8) >= 0 || t.IndexOf("a_0 units"u8) >= 0)
                {
                    ReadSites();
                }

                break;
            case (byte)'F' when t.StartsWith("Fixed atoms"u8):
                ReadFixedAtoms();
                break;
        }
    }

    private Matrix3x3? ReadAxes(ReadOnlySpan<byte> name)
    {
        Span<double> rows = stackalloc double[9];
        for (int i = 0; i < 3; i++)
        {
            if (!reader.Read())
            {
                return null;
            }

            ReadOnlySpan<byte> t = reader.Line.TrimStart((byte)' ');
            int at = t.IndexOf("= ("u8);
            ReadOnlySpan<byte> numbers = at < 0 ? default : t[(at + 3)..];
            if (!t.StartsWith(name) || t.Length < 4 || t[2] != (byte)('1' + i) || !FixedDecimals.TryTake(ref numbers, 6, rows.Slice(3 * i, 3)))
            {
                return null;
            }
        }

        return Matrix3x3.FromRowMajor(rows);
    }

    private void ReadSites()
    {
        PwRun r = run!;
        if (r.AtomCount is not { } count)
        {
            return;
        }

        var labels = new string[count];
        var positions = new Vector3D[count];
        Span<double> xyz = stackalloc double[3];
        for (int i = 0; i < count; i++)
        {
            if (!reader.Read())
            {
                return;
            }

            ReadOnlySpan<byte> row = reader.Line;
            int tau = row.IndexOf("tau("u8), at = row.IndexOf("= ("u8);
            ReadOnlySpan<byte> numbers = at < 0 ? default : row[(at + 3)..];
            var fields = new Utf8Fields(tau < 0 ? default : row[..tau]);
            if (!fields.TryRead(out ReadOnlySpan<byte> index) || !IsIndex(index, i + 1) || !fields.TryRead(out ReadOnlySpan<byte> label) || fields.TryRead(out _) || !FixedDecimals.TryTake(ref numbers, 7, xyz))
            {
                r.SummaryProblem = ("GeometryDamaged", FormattableString.Invariant($"The position of atom {i + 1} in the summary cannot be read."), reader.LineNumber);
                return;
            }

            labels[i] = i > 0 && IsLabel(label, labels[i - 1]) ? labels[i - 1] : Utf8Fields.ToText(label);
            positions[i] = new(xyz[0], xyz[1], xyz[2]);
        }

        r.SiteLabels = labels;
        r.SitePositions = positions;
    }

    /// <summary>The geometry of the summary: cell with six decimals, positions with seven, in units of alat.</summary>
    private PwGeometry? SummaryGeometry(out (string Code, string Message, long Line)? problem)
    {
        PwRun r = run!;
        problem = r.SummaryProblem;
        if (problem is not null)
        {
            return null;
        }

        if (r is not { Alat: { } alat, Axes: { } axes, SiteLabels: { } labels, SitePositions: { } sites })
        {
            problem = ("GeometryDamaged", "The summary at the beginning of the run cannot be read.", reader.LineNumber);
            return null;
        }

        if ((r.AlatShort is { } shortly && Math.Abs(shortly - alat) > 5.1e-5) || (r.ReciprocalAxes is { } reciprocal && !AreReciprocal(axes, reciprocal)))
        {
            problem = ("GeometryDamaged", "The cell of the summary contradicts itself.", reader.LineNumber);
            return null;
        }

        double scale = alat * PhysicalConstants.BohrInAngstrom;
        Lattice lattice;
        try
        {
            lattice = new(axes * scale);
        }
        catch (AtomProNetException e)
        {
            problem = ("GeometryDamaged", e.Problem, reader.LineNumber);
            return null;
        }

        double largest = axes.ToRowMajor().Max(Math.Abs);
        double latticeRounding = ((0.5e-6 * alat) + (largest * 0.5e-6)) * PhysicalConstants.BohrInAngstrom;
        double bohr3 = lattice.Volume / (PhysicalConstants.BohrInAngstrom * PhysicalConstants.BohrInAngstrom * PhysicalConstants.BohrInAngstrom);
        double error = 6e-5 + (VolumeError(lattice, latticeRounding) / (PhysicalConstants.BohrInAngstrom * PhysicalConstants.BohrInAngstrom * PhysicalConstants.BohrInAngstrom));
        if (r.CellVolume is { } volume && Math.Abs(volume - bohr3) > error)
        {
            problem = ("GeometryDamaged", "The cell of the summary does not have the volume that is printed with it.", reader.LineNumber);
            return null;
        }

        var positions = new Vector3D[sites.Length];
        double farthest = 0;
        for (int i = 0; i < positions.Length; i++)
        {
            positions[i] = sites[i] * scale;
            farthest = Math.Max(farthest, Math.Max(Math.Abs(sites[i].X), Math.Max(Math.Abs(sites[i].Y), Math.Abs(sites[i].Z))));
        }

        return new(lattice, positions, CoordinateKind.Cartesian, labels, latticeRounding, ((0.5e-7 * alat) + (farthest * 0.5e-6)) * PhysicalConstants.BohrInAngstrom);
    }

    private static bool AreReciprocal(Matrix3x3 a, Matrix3x3 b)
    {
        for (int i = 0; i < 3; i++)
        {
            for (int j = 0; j < 3; j++)
            {
                double tolerance = 1e-6 * (Sum(a[i]) + Sum(b[j])) + 1e-9;
                if (!(Math.Abs(Vector3D.Dot(a[i], b[j]) - (i == j ? 1 : 0)) <= tolerance))
                {
                    return false;
                }
            }
        }

        return true;

        static double Sum(Vector3D v) => Math.Abs(v.X) + Math.Abs(v.Y) + Math.Abs(v.Z);
    }

    private void ReadSpecies()
    {
        var species = new List<PwSpecies>();
        while (reader.Read())
        {
            var fields = new Utf8Fields(reader.Line);
            if (!fields.TryRead(out ReadOnlySpan<byte> label) || !fields.TryReadDouble(out _) || !fields.TryReadDouble(out double mass))
            {
                reader.PushBack();
                break;
            }

            ReadOnlySpan<byte> rest = fields.Rest;
            int bracket = rest.IndexOf((byte)'(');
            ReadOnlySpan<byte> symbol = bracket < 0 ? default : rest[..bracket].Trim((byte)' ');
            PwSpecies.TryParseLabel(symbol.Length is 1 or 2 ? Utf8Fields.ToText(symbol) : "", out Element? element);
            species.Add(new() { Label = Utf8Fields.ToText(label), Mass = mass, PotentialElement = symbol.Length == element?.Symbol.Length ? element : null });
        }

        if (species.Count > 0)
        {
            run!.Species.Clear();
            run.Species.AddRange(species);
        }
    }

    private void ReadPotential(ReadOnlySpan<byte> t)
    {
        // PseudoPot. # 1 for Al read from file Al.pbe-rrkj.UPF (4.0), or from file: and the path on the next line.
        var fields = new Utf8Fields(t["PseudoPot. #"u8.Length..]);
        if (!fields.TryReadDouble(out double number) || number is < 1 or > 1000)
        {
            return;
        }

        int at = t.IndexOf("read from file"u8);
        ReadOnlySpan<byte> path = at < 0 ? default : t[(at + "read from file"u8.Length)..].TrimStart(": "u8).TrimEnd((byte)' ');
        string file = Utf8Fields.ToText(path);
        if (path.IsEmpty)
        {
            if (!reader.Read())
            {
                return;
            }

            file = Utf8Fields.ToText(reader.Line.Trim((byte)' '));
        }

        string? md5 = null;
        if (reader.Read())
        {
            ReadOnlySpan<byte> next = reader.Line.Trim((byte)' ');
            if (next.StartsWith("MD5 check sum:"u8) && next.Length >= 32)
            {
                md5 = Utf8Fields.ToText(next[^32..]).ToLowerInvariant();
                md5 = md5.All(char.IsAsciiHexDigit) ? md5 : null;
            }
            else
            {
                reader.PushBack();
            }
        }

        run!.Potentials[(int)number] = new(file[(file.LastIndexOfAny(['/', '\\']) + 1)..], md5);
    }

    private void ReadFunctional(ReadOnlySpan<byte> t)
    {
        int sign = t.IndexOf((byte)'=');
        string text = sign < 0 ? "" : Utf8Fields.ToText(t[(sign + 1)..]).Trim();
        if (!text.Contains('(', StringComparison.Ordinal) && reader.Read())
        {
            ReadOnlySpan<byte> next = reader.Line.Trim((byte)' ');
            if (next.StartsWith("("u8))
            {
                text += " " + Utf8Fields.ToText(next);
            }
            else
            {
                reader.PushBack();
            }
        }

        (run!.FunctionalName, run.FunctionalIndices) = PwFunctional.Split(text);
    }

    private void ReadKPointCount(ReadOnlySpan<byte> t)
    {
        PwRun r = run!;
        var fields = new Utf8Fields(t["number of k points="u8.Length..]);
        if (!t.StartsWith("number of k points="u8) || !fields.TryReadDouble(out double count) || count is < 1 or > 1e7)
        {
            return;
        }

        r.KPointCount = (int)count;
        (r.Smearing, r.SmearingWidth) = PwFunctional.Smearing(Utf8Fields.ToText(fields.Rest).Trim());
        r.Smearing = r.OptimizedTetrahedra && r.Smearing == "TetrahedronBloechl" ? "TetrahedronOptimized" : r.Smearing;
    }

    private void ReadFixedAtoms()
    {
        PwRun r = run!;
        if (r.AtomCount is not { } count || !reader.Read())
        {
            return;
        }

        var free = new bool[3 * count];
        for (int i = 0; i < count; i++)
        {
            if (!reader.Read())
            {
                return;
            }

            var fields = new Utf8Fields(reader.Line);
            if (!fields.TryRead(out ReadOnlySpan<byte> index) || !IsIndex(index, i + 1))
            {
                reader.PushBack();
                return;
            }

            for (int axis = 0; axis < 3; axis++)
            {
                if (!fields.TryRead(out ReadOnlySpan<byte> flag) || !Utf8Number.TryParseInteger(flag, out long value))
                {
                    return;
                }

                free[(3 * i) + axis] = value != 0;
            }
        }

        r.FreeComponents = free;
    }
}
