using AtomProNet.Calculations;

namespace AtomProNet.QuantumEspresso.Outputs;

/// <summary>What is to be said about an output as a whole, once it has been read to its end.</summary>
internal static class PwRunReport
{
    private static readonly (PwFeatures Feature, string Code, string Message, string Advice)[] FeatureFindings =
    [
        (PwFeatures.EffectiveScreeningMedium, "EffectiveScreeningMedium", "The run uses the effective screening medium method: its energies are those of a cell that is open along z.", "Keep it apart from frames of periodic cells."),
        (PwFeatures.Gate, "GateField", "The run has a charged plate (gate).", "Keep it apart from frames without one."),
        (PwFeatures.BerryPhaseField, "ElectricField", "The run has a finite electric field (Berry phase): its energies are electric enthalpies.", "Keep it apart from frames without a field."),
        (PwFeatures.SawtoothField, "ElectricField", "The run has a sawtooth potential.", "Keep it apart from frames without a field."),
        (PwFeatures.ConstrainedMagnetization, "ConstrainedMagnetisation", "The run constrains its magnetisation: its energies are not those of a free minimum.", "Keep it apart from frames without a constraint."),
        (PwFeatures.Environment, "ContinuumEnvironment", "The run has a continuum or a solvent around the atoms (Environ, RISM).", "Keep it apart from frames in vacuum."),
        (PwFeatures.ExternalForces, "ExternalForces", "External forces are part of the printed forces.", "Keep it apart from frames without them."),
        (PwFeatures.ExternalForceFields, "ExternalForceFields", "External force fields (nextffield) are part of the printed forces, but not of the energy.", "Compute it without them."),
        (PwFeatures.ExcitedElectrons, "ExcitedElectrons", "The run has two chemical potentials: its energies are those of a crystal with electrons held in the conduction bands.", "Keep it apart from frames of the ground state."),
        (PwFeatures.ConstrainedOccupations, "ConstrainedOccupations", "The run constrains occupations (OSCDFT): its energies are not those of a free minimum.", "Keep it apart from frames without a constraint."),
        (PwFeatures.Isolated, "IsolatedSystem", "The run corrects for an isolated system: its energies are those of one molecule, not of a periodic cell.", null!),
    ];

    internal static void Complete(CalculationReport report, PwOutputParser parser, PwXmlDocument? xml)
    {
        if (parser.Runs.Count == 0)
        {
            report.Add(new AtomProNetException(ErrorKind.InvalidData, "NotPwOutput", "This is no output of pw.x: it has no line 'Program PWSCF'.", report.File, remedy: "Give the file that pw.x's standard output was written to."));
            return;
        }

        PwRun last = parser.Runs[^1];
        report.Version ??= last.Version;
        report.IsFinished = last.Events.HasFlag(PwRunEvents.Finished);
        report.IonicConverged = last is { MovesIons: true, IsDynamics: false } || last.Events.HasFlag(PwRunEvents.IonicConverged) ? last.IonicConverged : null;
        if (parser.BrokenBy is { } broken)
        {
            report.Add(new AtomProNetException(ErrorKind.InvalidData, "CompressedFileDamaged", "The compressed file is damaged; what stands before the damage was read.", report.File, remedy: "Fetch it again.", inner: broken));
        }

        foreach (PwRun run in parser.Runs)
        {
            AddRun(report, run);
        }

        if (xml is { IsWhole: false })
        {
            report.Add(new Finding(FindingSeverity.Information, "XmlCutOff", "The XML beside the output is cut off or damaged; what stands before was used.", report.File));
        }
    }

    /// <summary>Says what changes the meaning of the energies.</summary>
    internal static void AddFeatures(CalculationReport report, PwFeatures features)
    {
        foreach (var (feature, code, message, advice) in FeatureFindings)
        {
            if (features.HasFlag(feature))
            {
                report.Add(new Finding(feature == PwFeatures.Isolated ? FindingSeverity.Information : FindingSeverity.Warning, code, message, report.File, advice));
            }
        }
    }

    private static void AddRun(CalculationReport report, PwRun run)
    {
        foreach ((string routine, string message, long line) in run.Errors)
        {
            report.Add(new Finding(FindingSeverity.Error, "RunStoppedWithError", FormattableString.Invariant($"pw.x stopped in {routine} (line {line}): {message}"), report.File));
        }

        AddFeatures(report, run.Features);
        foreach (PwSpecies species in run.Species.Where(s => s.IsContradictory))
        {
            report.Add(new Finding(FindingSeverity.Warning, "SpeciesLabelDisagrees", $"The label '{species.Label}' names another element than its pseudopotential, which is for {species.PotentialElement!.Symbol}; the pseudopotential is what was computed.", report.File));
        }

        if (run.Events.HasFlag(PwRunEvents.BandStructure) && run.StepCount == 0)
        {
            report.Add(new Finding(FindingSeverity.Information, "NoTotalEnergy", "It is a band-structure run (nscf, bands), which has no total energy.", report.File));
        }
    }
}
