using System.Collections.Immutable;
using System.Globalization;
using AtomProNet.Calculations;
using AtomProNet.Structures;

namespace AtomProNet.QuantumEspresso.Inputs;

/// <summary>The namelists of one input. Source of names, units and rules: INPUT_PW of Quantum ESPRESSO 6.2 to 7.5.</summary>
internal static class PwSettings
{
    /// <summary>Where no pseudopotential suggests anything, Ry: AtomProNet's own.</summary>
    private const double UsualCutoff = 40;

    /// <summary>The charge density's cut-off over the wavefunctions', where nothing is suggested: exact for norm-conserving potentials, AtomProNet's for the others.</summary>
    private const double ExactRatio = 4, AugmentedRatio = 8;

    /// <summary>Elements whose metals or common compounds order magnetically.</summary>
    private static readonly HashSet<string> Magnetic = new(["Cr", "Mn", "Fe", "Co", "Ni", "Eu", "Gd", "Tb", "Dy", "Ho", "Er"], StringComparer.Ordinal);

    /// <summary>The convergence threshold of the self-consistency per atom, Ry.</summary>
    private const double ThresholdPerAtom = 1e-9;

    internal static PwNamelists Make(Structure structure, PwTypes types, ImmutableDictionary<Element, UpfHeader> upf, PwInputOptions options, bool isAtom, List<Finding> findings)
    {
        if (isAtom && options.Calculation != PwCalculation.Scf)
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "IsolatedAtomMoves", "An isolated atom is computed where it is.", remedy: "Use -Calculation Scf.");
        }

        var list = new PwNamelists();
        Control(list, structure, options);
        System(list, structure, types, upf, options, isAtom, findings);
        list.Set("electron_maxstep", 200);
        list.Set("conv_thr", Math.Round(ThresholdPerAtom * structure.AtomCount, 12));
        Moving(list, options);
        list.Apply(options.Overrides, findings);
        Check(list, structure, types, upf, findings);
        CheckSpin(list, types, options, findings);
        return list;
    }

    private static void Control(PwNamelists list, Structure structure, PwInputOptions options)
    {
        list.Set("calculation", options.Calculation switch { PwCalculation.Scf => "scf", PwCalculation.Relax => "relax", PwCalculation.VcRelax => "vc-relax", PwCalculation.Md => "md", _ => "vc-md" });
        list.Set("prefix", "pwscf");
        list.Set("outdir", "./tmp");
        list.Set("pseudo_dir", options.PseudoDirectory ?? "./");
        list.Set("tprnfor", true);
        list.Set("tstress", true);
        // The XML adds digits to the labels. What would leave the wavefunctions out (nowf) leaves the XML out too in 6.7, so that the
        // job script removes them instead.
        list.Set("disk_io", "low");
        if (options.Calculation is PwCalculation.Relax or PwCalculation.VcRelax)
        {
            list.Set("nstep", 100);
            list.Set("etot_conv_thr", 1e-5);
            list.Set("forc_conv_thr", 1e-4);
        }
        else if (options.Calculation is PwCalculation.Md or PwCalculation.VcMd)
        {
            PwDynamics dynamics = options.Dynamics ?? throw new AtomProNetException(ErrorKind.InvalidArgument, "TemperatureMissing", "Molecular dynamics needs a temperature.", remedy: "Add -Temperature in K.");
            bool hydrogen = structure.Species.Any(e => e.Number == 1);
            list.Set("nstep", dynamics.Steps);
            list.Set("dt", PwInputPlan.TimeStep(dynamics.TimeStep ?? (hydrogen ? 0.5 : 1.0)));
        }
    }

    private static void System(PwNamelists list, Structure structure, PwTypes types, ImmutableDictionary<Element, UpfHeader> upf, PwInputOptions options, bool isAtom, List<Finding> findings)
    {
        list.Set("ibrav", 0);
        list.Set("nat", structure.AtomCount);
        list.Set("ntyp", types.Types.Length);
        (double wavefunctions, double density) = Cutoffs(upf.Values, options, findings);
        list.Set("ecutwfc", wavefunctions);
        list.Set("ecutrho", density);
        if (options.Smearing == PwSmearing.Fixed && !isAtom)
        {
            list.Set("occupations", "fixed");
        }
        else
        {
            list.Set("occupations", "smearing");
            list.Set("smearing", isAtom ? "gaussian" : options.Smearing switch { PwSmearing.MethfesselPaxton => "mp", PwSmearing.MarzariVanderbilt => "mv", PwSmearing.FermiDirac => "fd", _ => "gaussian" });
            // An atom's levels are sharp; a wide smearing would spread its open shell.
            list.Set("degauss", isAtom ? 0.001 : options.SmearingWidth);
        }

        if (types.HasMoments)
        {
            list.Set("nspin", 2);
            for (int i = 0; i < types.Types.Length; i++)
            {
                PwType type = types.Types[i];
                double polarisation = Math.Clamp(type.Moment / upf[type.Element].ValenceElectrons, -1, 1);
                list.Set(string.Create(CultureInfo.InvariantCulture, $"starting_magnetization({i + 1})"), Math.Round(polarisation, 6));
            }
        }
        else if (isAtom || options.SpinPolarised == true)
        {
            list.Set("nspin", 2);
        }

        // Symmetry found at the beginning would be imposed on atoms that move out of it.
        if (isAtom || options.Calculation is PwCalculation.Md or PwCalculation.VcMd)
        {
            list.Set("nosym", true);
        }
    }

    private static void Moving(PwNamelists list, PwInputOptions options)
    {
        switch (options.Calculation)
        {
            case PwCalculation.Relax:
                list.Set("ion_dynamics", "bfgs");
                break;
            case PwCalculation.VcRelax:
                list.Set("ion_dynamics", "bfgs");
                list.Set("cell_dynamics", "bfgs");
                list.Set("press", options.Pressure * 10);
                list.Set("press_conv_thr", 0.5);
                break;
            case PwCalculation.Md:
                list.Set("ion_dynamics", "verlet");
                list.Set("ion_temperature", options.Dynamics!.Thermostat switch { PwThermostat.StochasticRescaling => "svr", PwThermostat.Andersen => "andersen", PwThermostat.Berendsen => "berendsen", _ => "initial" });
                list.Set("tempw", options.Dynamics.Temperature);
                if (options.Dynamics.Thermostat != PwThermostat.Initial)
                {
                    list.Set("nraise", 50);
                }

                break;
            case PwCalculation.VcMd:
                list.Set("ion_dynamics", "beeman");
                list.Set("ion_temperature", "initial");
                list.Set("tempw", options.Dynamics!.Temperature);
                list.Set("cell_dynamics", "pr");
                list.Set("press", options.Pressure * 10);
                break;
        }
    }

    private static (double Wavefunctions, double Density) Cutoffs(IEnumerable<UpfHeader> upf, PwInputOptions options, List<Finding> findings)
    {
        UpfHeader[] all = [.. upf];
        double? suggested = all.Max(u => u.WavefunctionCutoff), suggestedDensity = all.Max(u => u.DensityCutoff);
        string silent = string.Join(", ", all.Where(u => u.WavefunctionCutoff is null).Select(u => u.FileName).Order(StringComparer.Ordinal));
        double wavefunctions = options.WavefunctionCutoff ?? Math.Ceiling(silent.Length > 0 ? Math.Max(UsualCutoff, suggested ?? 0) : suggested!.Value);
        if (options.WavefunctionCutoff is null && silent.Length > 0)
        {
            findings.Add(new(FindingSeverity.Warning, "CutoffNotSuggested", FormattableString.Invariant($"No cut-off is suggested by {silent}; ecutwfc = {wavefunctions} Ry is written."), Advice: "Give -EcutWfc, and test what your labels need."));
        }

        double ratio = all.Any(u => u.IsAugmented) ? AugmentedRatio : ExactRatio;
        double density = options.DensityCutoff ?? Math.Max(Math.Ceiling(suggestedDensity ?? 0), ratio * wavefunctions);
        return (wavefunctions, density);
    }

    private static void Check(PwNamelists list, Structure structure, PwTypes types, ImmutableDictionary<Element, UpfHeader> upf, List<Finding> findings)
    {
        double wavefunctions = Number(list, "ecutwfc"), density = list["ecutrho"] is null ? 4 * wavefunctions : Number(list, "ecutrho");
        if (density < 4 * wavefunctions * (1 - 1e-9))
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "DensityCutoffTooLow", "ecutrho is below 4 × ecutwfc, which is too little for the density of the wavefunctions.", value: FormattableString.Invariant($"{density} and {wavefunctions} Ry"), remedy: "Raise -EcutRho, or leave it out.");
        }

        double suggested = upf.Values.Max(u => u.WavefunctionCutoff) ?? 0, suggestedDensity = upf.Values.Max(u => u.DensityCutoff) ?? 0;
        if (wavefunctions < suggested)
        {
            UpfHeader hardest = upf.Values.MaxBy(u => u.WavefunctionCutoff ?? 0)!;
            findings.Add(new(FindingSeverity.Warning, "CutoffTooLow", FormattableString.Invariant($"ecutwfc = {wavefunctions} Ry is below the {suggested:0.#} Ry that {hardest.FileName} suggests."), Advice: "Raise -EcutWfc for the whole set, or leave it out."));
        }

        if (density < suggestedDensity)
        {
            UpfHeader hardest = upf.Values.MaxBy(u => u.DensityCutoff ?? 0)!;
            findings.Add(new(FindingSeverity.Warning, "DensityCutoffLow", FormattableString.Invariant($"ecutrho = {density} Ry is below the {suggestedDensity:0.#} Ry that {hardest.FileName} suggests."), Advice: "Raise -EcutRho for the whole set, or leave it out."));
        }

        string[] functionals = [.. upf.Values.Select(u => u.Functional).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase)];
        if (functionals.Length > 1 && list["input_dft"] is null)
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "FunctionalsDiffer", $"The pseudopotentials are of different functionals: {string.Join(", ", upf.Values.OrderBy(u => u.Element).Select(u => $"{u.FileName} ({u.Functional})"))}.", remedy: "Choose others with -Pseudopotential; or set input_dft with -Namelist, if that is what you mean.");
        }

        CheckSpeciesIndices(list, types);
        CheckHubbard(list, types, findings);
        CheckOccupations(list, structure, types, upf, findings);
    }

    /// <summary>Up to 7.0 +U is switched on by lda_plus_u, without which its values are passed over in silence; from 7.1 on it is a card of its own.</summary>
    private static void CheckHubbard(PwNamelists list, PwTypes types, List<Finding> findings)
    {
        string? hubbard = list.All.Select(e => e.Key).FirstOrDefault(k => k.StartsWith("hubbard_", StringComparison.Ordinal));
        if (hubbard is null)
        {
            return;
        }

        if (list["lda_plus_u"] != ".true.")
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "HubbardWithoutSwitch", $"Without lda_plus_u pw.x passes {hubbard} over: the labels would be those of U = 0.", value: list[hubbard], remedy: "Add lda_plus_u=$true to -Namelist.");
        }

        // Atoms of one element that start with different moments are species of their own, and one index is not all of them.
        foreach (IGrouping<Element, int> species in Enumerable.Range(0, types.Types.Length).GroupBy(i => types.Types[i].Element))
        {
            int[] without = [.. species.Where(i => list[string.Create(CultureInfo.InvariantCulture, $"hubbard_u({i + 1})")] is null)];
            if (without.Length > 0 && without.Length < species.Count())
            {
                string missing = string.Join("; ", without.Select(i => $"'Hubbard_U({i + 1})'=…"));
                throw new AtomProNetException(ErrorKind.InvalidArgument, "HubbardOfSomeAtoms", $"Hubbard_U is set for {types.Labels(species.Except(without))}, and {types.Labels(without)} would have none.", remedy: $"Add {missing} to -Namelist, or 0 where none is meant.");
            }
        }

        findings.Add(new(FindingSeverity.Warning, "HubbardSyntax", "+U is written as pw.x up to 7.0 reads it; 7.1 and later take it from a card HUBBARD, and stop at these variables.", Advice: "Run it with 7.0 or earlier."));
    }

    /// <summary>A value for a species that the input does not have is passed over in silence by pw.x.</summary>
    private static void CheckSpeciesIndices(PwNamelists list, PwTypes types)
    {
        foreach (string stem in new[] { "starting_magnetization", "starting_charge", "angle1", "angle2", "hubbard_u", "hubbard_j0", "hubbard_alpha", "hubbard_beta", "london_c6", "london_rvdw" })
        {
            foreach ((string name, string value) in list.All.Where(e => e.Key.StartsWith(stem + "(", StringComparison.Ordinal)))
            {
                if (int.TryParse(name.AsSpan(stem.Length).Trim("()"), NumberStyles.None, CultureInfo.InvariantCulture, out int index) && (index < 1 || index > types.Types.Length))
                {
                    throw new AtomProNetException(ErrorKind.InvalidArgument, "SpeciesIndexTooLarge", $"{name} is of no species: the input has {types.Types.Length} ({types.Labels(Enumerable.Range(0, types.Types.Length))}).", value: value, remedy: "Species are counted from 1, in the order of their first atoms.");
                }
            }
        }
    }

    /// <summary>Labels of a magnetic crystal without its spin lie hundreds of meV per atom off.</summary>
    private static void CheckSpin(PwNamelists list, PwTypes types, PwInputOptions options, List<Finding> findings)
    {
        string[] magnetic = [.. types.Types.Select(t => t.Element.Symbol).Where(Magnetic.Contains).Distinct()];
        if (magnetic.Length > 0 && options.SpinPolarised is null && list["nspin"] is null && list["noncolin"] is null)
        {
            findings.Add(new(FindingSeverity.Warning, "SpinNotConsidered", $"{string.Join(", ", magnetic)} is magnetic in most of its crystals, and the run has no spin.", Advice: $"Add -MagneticMoment @{{{magnetic[0]}=3}}; -SpinPolarised:$false says that it is meant."));
        }
    }

    private static void CheckOccupations(PwNamelists list, Structure structure, PwTypes types, ImmutableDictionary<Element, UpfHeader> upf, List<Finding> findings)
    {
        if (list["occupations"] is { } occupations && occupations != "'fixed'")
        {
            return;
        }

        if (MetalCharacter.IsLikelyMetal(upf.Keys))
        {
            findings.Add(new(FindingSeverity.Warning, "FixedOccupationsInMetal", "Occupations are fixed, but all elements are metals.", Advice: "Use -Smearing MarzariVanderbilt or Gaussian."));
        }

        double electrons = types.SiteTypes.Sum(t => upf[types.Types[t].Element].ValenceElectrons) - (list["tot_charge"] is null ? 0 : Number(list, "tot_charge"));
        bool isSpinPolarised = list["nspin"] == "2";
        if (!isSpinPolarised && list["noncolin"] != ".true." && Math.Abs(electrons % 2) is > 1e-6 and < 2 - 1e-6)
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "OddElectronCount", FormattableString.Invariant($"{structure.Composition.Formula} has {electrons} valence electrons, which fixed occupations without spin cannot pair."), remedy: "Use -Smearing Gaussian, or -SpinPolarised with tot_magnetization.");
        }

        if (isSpinPolarised && list["tot_magnetization"] is null)
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "TotalMagnetisationMissing", "Fixed occupations of a spin-polarised run need the total magnetisation.", remedy: "Add -Namelist @{tot_magnetization=…}, or use -Smearing Gaussian.");
        }
    }

    private static double Number(PwNamelists list, string name) =>
        double.TryParse(list[name]?.Replace('d', 'e').Replace('D', 'e'), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)
            ? value
            : throw new AtomProNetException(ErrorKind.InvalidArgument, "NamelistValueInvalid", $"'{name}' must be a number.", value: list[name]);
}
