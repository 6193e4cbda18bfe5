using System.Collections.Immutable;
using System.Globalization;
using AtomProNet.Calculations;
using AtomProNet.Structures;

namespace AtomProNet.Vasp.Inputs;

/// <summary>Makes the INCAR of one structure: the set's keys, the rules for those that depend on the structure, the user's own on top.</summary>
internal sealed class IncarBuilder
{
    /// <summary>Smaller moments (μ_B) are what a database has of a crystal without magnetism.</summary>
    private const double FaintMoment = 0.1;

    /// <summary>Electronic loops that may end this far (eV) from their goal leave noise in the forces.</summary>
    private const double LooseTolerance = 1e-3;

    private readonly VaspInputOptions options;
    private readonly Structure structure;
    private readonly ImmutableArray<Element> elements;
    private readonly List<Finding> findings = [];
    private readonly SortedDictionary<string, string> deviations = new(StringComparer.Ordinal);
    private Incar incar;

    private IncarBuilder(VaspInputOptions options, Structure written, ImmutableArray<Element> elements, Incar start)
    {
        this.options = options;
        structure = written;
        this.elements = elements;
        incar = start;
    }

    /// <summary>Makes the INCAR.</summary>
    /// <param name="options">What is asked for.</param>
    /// <param name="written">The structure in the order of the POSCAR.</param>
    /// <param name="elements">Its elements in the order of the POSCAR.</param>
    /// <param name="siteMoments">Moments by site in the order of the POSCAR; null for none.</param>
    /// <param name="largestEnmax">The largest ENMAX of the potentials; null where it is not known.</param>
    internal static IncarResult Build(VaspInputOptions options, Structure written, ImmutableArray<Element> elements, ImmutableArray<double>? siteMoments, double? largestEnmax)
    {
        var builder = new IncarBuilder(options, written, elements, options.BaseIncar ?? options.Set.Incar);
        builder.ApplySetRules();
        builder.ApplyLabelRun();
        builder.ApplyDynamics(largestEnmax);
        builder.ApplyIsolatedAtom();
        builder.ApplyOverrides();
        builder.ApplyMoments(siteMoments);
        builder.CheckCounts();
        builder.CheckHubbard();
        builder.CheckSense();
        return new(builder.incar, builder.findings, builder.deviations);
    }

    private bool Overridden(string key) => options.Overrides.Any(o => o.Key.Equals(key, StringComparison.OrdinalIgnoreCase));

    private void ApplySetRules()
    {
        if (options.BaseIncar is not null)
        {
            return;
        }

        if (options.Set.EdiffPerAtom is { } perAtom)
        {
            incar = incar.With("EDIFF", perAtom * structure.AtomCount);
        }

        if (options.Set.HubbardU?.For(elements) is { } u)
        {
            incar = incar
                .With("LDAU", true)
                .With("LDAUTYPE", 2)
                .With("LDAUL", IncarValue.List(u.Select(x => x > 0 ? 2 : 0)))
                .With("LDAUU", IncarValue.List(u))
                .With("LDAUJ", IncarValue.List(u.Select(_ => 0)))
                .With("LDAUPRINT", 1);
        }

        int heaviest = elements.Max(e => e.Number);
        if (options.Set.LMaxMixByElement && heaviest > 20)
        {
            incar = incar.With("LMAXMIX", heaviest > 56 ? 6 : 4);
        }
    }

    private void ApplyLabelRun()
    {
        foreach ((string key, string files) in VaspInputSets.Unwritten)
        {
            // LWAVE and LCHARG are true unless said otherwise, LAECHG is false (VASP manual).
            bool byDefault = key is "LWAVE" or "LCHARG";
            bool set = incar[key]?.AsLogical ?? byDefault;
            if (options.BaseIncar?.Contains(key) == true)
            {
                continue; // an INCAR of the user's own says what it wants
            }

            if (set)
            {
                Set(key, IncarValue.Of(false), $"labels need no {files}");
                findings.Add(new(FindingSeverity.Information, "FilesNotWritten", $"{key} = .FALSE.: labels need no {files}.", Advice: $"-Incar @{{{key}=$true}} writes them."));
            }
            else if (!incar.Contains(key) && byDefault)
            {
                incar = incar.With(key, false);
            }
        }
    }

    private void ApplyDynamics(double? largestEnmax)
    {
        if (options.Dynamics is not { } md)
        {
            return;
        }

        string reason = "molecular dynamics, " + md.Ensemble.Name;
        foreach ((string key, IncarValue value) in md.Ensemble.Incar)
        {
            Set(key, value, reason);
        }

        Set("NSW", IncarValue.Of(md.Steps), reason);
        Set("POTIM", IncarValue.Of(md.TimeStep ?? (elements.Any(e => e.Number == 1) ? 0.5 : 2)), reason);
        Set("TEBEG", IncarValue.Of(md.Temperature), reason);
        Set("TEEND", IncarValue.Of(md.FinalTemperature ?? md.Temperature), reason);
        if (md.Ensemble.LangevinGamma is { } gamma)
        {
            Set("LANGEVIN_GAMMA", IncarValue.List(elements.Select(_ => gamma)), reason);
        }

        incar = incar.Without("EDIFFG");
        if (incar["ISMEAR"]?.AsInteger < -1 && !Overridden("ISMEAR"))
        {
            Set("ISMEAR", IncarValue.Of(0), "the tetrahedron method gives no good forces where bands cross, and needs more k-points than dynamics has");
            if (!incar.Contains("SIGMA"))
            {
                incar = incar.With("SIGMA", 0.05);
            }
        }

        if (md.Ensemble.CutoffOverEnmax is { } ratio && incar["ENCUT"]?.AsNumber is { } cutoff && !Overridden("ENCUT"))
        {
            double needed = Math.Ceiling(ratio * (largestEnmax ?? cutoff));
            if (cutoff < needed)
            {
                string why = largestEnmax is null ? $"{ratio:0.#} times the preset's, since the potentials' ENMAX is not known" : FormattableString.Invariant($"{ratio:0.#} × ENMAX");
                Set("ENCUT", IncarValue.Of((long)needed), $"the volume moves and the plane waves do not: {why}");
                findings.Add(new(FindingSeverity.Warning, "CutoffRaised", FormattableString.Invariant($"ENCUT is raised from {cutoff} to {needed} eV, because the volume moves and the plane waves do not (Pulay stress)."), Advice: "Frames of this run do not belong in one training set with frames of another cut-off; compute their labels anew, or compute all with this cut-off."));
            }
        }
    }

    private void ApplyIsolatedAtom()
    {
        if (!IsolatedAtom.Is(structure))
        {
            return;
        }

        if (structure.AtomCount != 1)
        {
            throw new AtomProNetException(ErrorKind.InvalidData, "IsolatedAtomCount", $"The structure is marked as an isolated atom but holds {structure.AtomCount} atoms.", value: structure.ToString());
        }

        const string Reason = "isolated atom";
        foreach ((string key, IncarValue value) in IsolatedAtom.Settings)
        {
            Set(key, value, Reason);
        }

        incar = incar.Without("KSPACING").Without("KGAMMA").Without("EDIFFG").Without("POTIM");
        foreach (string key in incar.Keys.Where(k => k.StartsWith("LDAU", StringComparison.Ordinal)).ToArray())
        {
            incar = incar.Without(key);
        }
    }

    private void ApplyOverrides()
    {
        foreach ((string key, IncarValue? value) in options.Overrides)
        {
            if (value is null)
            {
                if (incar.Contains(key))
                {
                    deviations[key.ToUpperInvariant()] = $"taken out (was {incar[key]})";
                    incar = incar.Without(key);
                }
            }
            else
            {
                Set(key, value, "as asked for");
            }
        }

        CheckKinds();
        findings.AddRange(IncarTags.Check(incar.Keys));
    }

    private void ApplyMoments(ImmutableArray<double>? siteMoments)
    {
        bool noncollinear = incar["LSORBIT"]?.AsLogical == true || incar["LNONCOLLINEAR"]?.AsLogical == true;
        if (!noncollinear && incar["ISPIN"]?.AsInteger != 2)
        {
            // Who says ISPIN = 1 knows what becomes of the structure's moments, and forgets perhaps those of the command.
            bool isOrdered = !Overridden("ISPIN") && options.BaseIncar?.Contains("ISPIN") != true && SiteMoments() is { } own && own.Any(m => Math.Abs(m) > FaintMoment);
            if (siteMoments is not null || options.MagneticMoments.Count > 0 || isOrdered || incar.Contains("MAGMOM"))
            {
                findings.Add(new(FindingSeverity.Warning, "MomentsNotUsed", "Magnetic moments are given, but the run is not spin-polarised, and so they are not used.", Advice: "-Incar @{ISPIN=2} makes it spin-polarised."));
            }

            return;
        }

        if (incar.Contains("MAGMOM") || Overridden("MAGMOM"))
        {
            return;
        }

        SiteProperty? given = structure.SiteProperties.GetValueOrDefault("magmom");
        double[]? column = SiteMoments();
        SiteProperty? charges = structure.SiteProperties.GetValueOrDefault("oxidation_state");
        var moments = new List<double>();
        for (int i = 0; i < structure.AtomCount; i++)
        {
            if (siteMoments is null && column is not null && given!.Width == 3)
            {
                if (!noncollinear)
                {
                    throw new AtomProNetException(ErrorKind.InvalidArgument, "MomentsAreVectors", "The sites have moments with three components, but the run is collinear.", remedy: "Use -Incar @{LNONCOLLINEAR=$true}, or give one number for each site.");
                }

                moments.AddRange(column[(i * 3)..(i * 3 + 3)]);
                continue;
            }

            Element element = structure.Species[i];
            double? charge = charges is { Width: 1, Kind: SitePropertyKind.Real } ? charges.Reals[i] : charges is { Width: 1, Kind: SitePropertyKind.Integer } ? charges.Integers[i] : null;
            double moment = siteMoments is { } all ? all[i]
                : column is not null && given!.Width == 1 ? column[i]
                : options.MagneticMoments.TryGetValue(element.Symbol, out double own) ? own
                : IsolatedAtom.Is(structure) ? IsolatedAtom.HundMoment(element)
                : VaspInputSets.MagneticMoments.Of(element, charge);
            if (noncollinear)
            {
                moments.AddRange([0, 0, moment]);
            }
            else
            {
                moments.Add(moment);
            }
        }

        incar = incar.With("MAGMOM", IncarValue.Runs(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(moments)));
    }

    /// <summary>The structure's own moments, with as many components as it has; null for none.</summary>
    private double[]? SiteMoments() => structure.SiteProperties.GetValueOrDefault("magmom") switch
    {
        { Kind: SitePropertyKind.Real } given => given.Reals.ToArray(),
        { Kind: SitePropertyKind.Integer } given => [.. given.Integers.ToArray().Select(m => (double)m)],
        _ => null,
    };

    // VASP stops at such a value, or goes on with its default: a job in the queue is late to find that out.
    private void CheckKinds()
    {
        foreach ((string key, IncarValue? value) in options.Overrides)
        {
            string tag = key.ToUpperInvariant();
            if (value is { Kind: not IncarValueKind.Logical } && tag is "ADDGRID" or "KGAMMA" or "LAECHG" or "LASPH" or "LCHARG" or "LDAU" or "LDIPOL" or "LELF" or "LHFCALC" or "LMIXTAU" or "LNONCOLLINEAR" or "LSORBIT" or "LUSE_VDW" or "LVHAR" or "LVTOT" or "LWAVE" or "ML_LMLFF")
            {
                throw new AtomProNetException(ErrorKind.InvalidArgument, "IncarValueKind", $"{tag} takes .TRUE. or .FALSE.", value: value.Text, remedy: $"Correct it with -Incar @{{{tag}=$true}} or $false.");
            }

            bool isWhole = tag is "NSW" or "NELM" or "NELMIN" or "ISPIN" or "ISIF" or "IBRION" or "ISMEAR" or "ISYM" or "ISTART" or "ICHARG" or "IVDW" or "LORBIT" or "LMAXMIX" or "NBANDS" or "NCORE" or "NPAR" or "KPAR";
            if (value is null || !(isWhole || tag is "ENCUT" or "ENAUG" or "SIGMA" or "EDIFF" or "EDIFFG" or "POTIM" or "KSPACING" or "TEBEG" or "TEEND" or "SYMPREC" or "PSTRESS"))
            {
                continue;
            }

            double? number = value.AsNumber ?? (value.Kind == IncarValueKind.Text && double.TryParse(value.Text.Split(' ')[0], NumberStyles.Float, CultureInfo.InvariantCulture, out double first) ? first : null);
            if (number is not { } n || (isWhole && n != Math.Floor(n)))
            {
                throw new AtomProNetException(ErrorKind.InvalidArgument, "IncarValueKind", $"{tag} takes {(isWhole ? "a whole number" : "a number")}.", value: value.Text, remedy: $"Correct it with -Incar @{{{tag}=…}}.");
            }
        }
    }

    /// <summary>Lists that belong to sites or species must be as long as there are sites or species: VASP reads on into whatever follows.</summary>
    private void CheckCounts()
    {
        bool noncollinear = incar["LSORBIT"]?.AsLogical == true || incar["LNONCOLLINEAR"]?.AsLogical == true;
        Check("MAGMOM", structure.AtomCount * (noncollinear ? 3 : 1), noncollinear ? "three for each site" : "one for each site");
        foreach (string key in new[] { "LDAUL", "LDAUU", "LDAUJ", "LANGEVIN_GAMMA", "POMASS", "ZVAL", "RWIGS" })
        {
            Check(key, elements.Length, "one for each species");
        }

        void Check(string key, int wanted, string rule)
        {
            if (incar[key] is { } value && value.Numbers.Length != wanted)
            {
                throw new AtomProNetException(ErrorKind.InvalidArgument, "IncarListLength", $"{key} has {value.Numbers.Length} values; {structure.Composition.Formula} needs {wanted} ({rule}).", value: value.Text, remedy: $"Correct it with -Incar @{{{key}=…}}, or take it out with -Incar @{{{key}=$null}}.");
            }
        }
    }

    /// <summary>
    /// A +U that VASP would pass over, or would lay on states that an element does not have, is not the one that was meant: LDAUU is read
    /// only where LDAU is on; without it U and J are 1 eV, an effective U of 0; lists go by the species of the POSCAR (VASP manual, LDAUU).
    /// </summary>
    private void CheckHubbard()
    {
        IncarValue? u = incar["LDAUU"];
        if (incar["LDAU"]?.AsLogical != true)
        {
            // Who says that it is off, above or beside the values, means it.
            bool isMeant = Overridden("LDAU") || (options.BaseIncar?.Contains("LDAU") == true && !Overridden("LDAUU"));
            if (!isMeant && u?.Numbers.Any(x => x != 0) == true)
            {
                throw new AtomProNetException(ErrorKind.InvalidArgument, "HubbardWithoutSwitch", "Without LDAU VASP passes LDAUU over: the labels would be those of U = 0.", value: u.Text, remedy: "Add -Incar @{LDAU=$true}.");
            }

            return;
        }

        if (u is null)
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "HubbardValuesMissing", $"LDAU is on for {structure.Composition.Formula} without LDAUU: VASP takes U = J = 1 eV, which together are no U.", remedy: "Give LDAUL, LDAUU and LDAUJ with -Incar, one value for each species.");
        }

        for (int i = 0; i < elements.Length; i++)
        {
            double l = incar["LDAUL"]?.Numbers[i] ?? 2;
            // Potassium's d states and lanthanum's f states are the first: empty, but U is laid on them, too.
            if (u.Numbers[i] != 0 && ((l == 2 && elements[i].Number < 19) || (l == 3 && elements[i].Number < 57)))
            {
                throw new AtomProNetException(ErrorKind.InvalidArgument, "HubbardStatesMissing", $"LDAUU gives {elements[i].Symbol} a U on {(l == 2 ? "d" : "f")} states, which it does not have.", value: u.Text, remedy: $"Lists go by the species of the POSCAR: {string.Join(' ', elements.Select(e => e.Symbol))}. LDAUL = -1 is for those without U.");
            }
        }
    }

    private void CheckSense()
    {
        bool moves = incar["NSW"]?.AsNumber > 0 && incar["IBRION"]?.AsInteger != -1;
        if (incar["NSW"]?.AsNumber > 0 && incar["IBRION"]?.AsInteger == -1)
        {
            findings.Add(new(FindingSeverity.Warning, "StepsWithoutMotion", "NSW > 0 with IBRION = -1 repeats one geometry.", Advice: "Set NSW to 0, or IBRION to 2 (relaxation) or 0 (dynamics)."));
        }

        if (incar["ISMEAR"]?.AsInteger == -5 && MetalCharacter.IsLikelyMetal(elements))
        {
            findings.Add(new(FindingSeverity.Warning, "TetrahedronForcesInMetal", "ISMEAR = -5 in a metal: forces and stress are not variational, and off by several per cent (VASP manual, ISMEAR).", Advice: "For labels of a metal use -Incar @{ISMEAR=1; SIGMA=0.2}, the same for the whole set."));
        }

        if (incar["EDIFF"]?.AsNumber is { } ediff && ediff > LooseTolerance)
        {
            findings.Add(new(FindingSeverity.Warning, "ElectronicToleranceLoose", FormattableString.Invariant($"EDIFF = {ediff:G3} eV for {structure.AtomCount} atoms: the electronic loop may end early, and forces carry its noise."), Advice: "For labels use one small value for the whole set, such as -Incar @{EDIFF=1e-6}."));
        }

        if (incar["ML_LMLFF"]?.AsLogical == true)
        {
            findings.Add(new(FindingSeverity.Warning, "MachineLearnedRun", "ML_LMLFF is on: most frames will come from the force field, not from DFT, and are left out when they are read."));
        }

        if (moves && incar["IBRION"]?.AsInteger == 0 && !(incar["ISIF"]?.AsInteger >= 2))
        {
            findings.Add(new(FindingSeverity.Warning, "NoStress", "Dynamics without ISIF ≥ 2 computes no stress.", Advice: "Set ISIF to 2 (fixed cell) or 3."));
        }

        if (incar["LASPH"]?.AsLogical != true && (incar["METAGGA"] is not null || incar["LHFCALC"]?.AsLogical == true || incar["LDAU"]?.AsLogical == true || incar["LUSE_VDW"]?.AsLogical == true))
        {
            findings.Add(new(FindingSeverity.Warning, "AsphericalCorrectionsMissing", "LASPH should be on with +U, meta-GGAs, hybrids and vdW-DFs (VASP manual, LASPH).", Advice: "-Incar @{LASPH=$true}."));
        }

        CheckFunctional();
    }

    /// <summary>What a preset for PBE has does not all go with another functional.</summary>
    private void CheckFunctional()
    {
        bool isHybrid = incar["LHFCALC"]?.AsLogical == true;
        // VASP looks at the first letter: Fast, VeryFast.
        if (isHybrid && incar["ALGO"]?.Text is ['F' or 'f' or 'V' or 'v', ..])
        {
            findings.Add(new(FindingSeverity.Warning, "HybridAlgorithm", $"ALGO = {incar["ALGO"]} is not made for hybrid functionals, and VASP may not say so (VASP manual, LHFCALC).", Advice: "-Incar @{ALGO='Normal'}, or All or Damped."));
        }

        string? other = isHybrid ? "a hybrid functional"
            : incar["METAGGA"] is { } meta ? $"METAGGA = {meta}"
            : incar["LUSE_VDW"]?.AsLogical == true ? "a vdW-DF"
            : incar["GGA"] is { } gga && !gga.Text.Equals("PE", StringComparison.OrdinalIgnoreCase) ? $"GGA = {gga}"
            : null;
        if (other is not null && options.BaseIncar is null && !Overridden("LDAUU") && incar["LDAU"]?.AsLogical == true)
        {
            findings.Add(new(FindingSeverity.Warning, "HubbardOfAnotherFunctional", $"The preset's U ({incar["LDAUU"]} eV for {string.Join(' ', elements.Select(e => e.Symbol))}) are fitted to PBE, and the run has {other}.", Advice: "-Incar @{LDAU=$false} leaves them out; LDAUU gives others."));
        }
    }

    private void Set(string key, IncarValue value, string reason)
    {
        IncarValue? before = incar[key];
        incar = incar.With(key, value);
        if (before is null)
        {
            deviations[key.ToUpperInvariant()] = $"{value}: {reason}";
        }
        else if (!before.Equals(value))
        {
            deviations[key.ToUpperInvariant()] = $"{before} → {value}: {reason}";
        }
    }
}

/// <summary>An INCAR with what was noticed and what departs from the set.</summary>
internal sealed record IncarResult(Incar Incar, List<Finding> Findings, SortedDictionary<string, string> Deviations);
