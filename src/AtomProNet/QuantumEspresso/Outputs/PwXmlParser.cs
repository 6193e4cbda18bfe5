using System.Globalization;
using System.Text;
using System.Xml;
using AtomProNet.Structures;
using AtomProNet.Text;

namespace AtomProNet.QuantumEspresso.Outputs;

/// <summary>Reads data-file-schema.xml as a stream. What stands before a cut or a damaged place is kept.</summary>
internal sealed class PwXmlParser
{
    private readonly PwXmlDocument document = new();
    private readonly XmlReader xml;
    private readonly CancellationToken cancellation;
    private bool inInput, inOutput;
    private PwXmlStep? step;

    private PwXmlParser(XmlReader xml, CancellationToken cancellation)
    {
        this.xml = xml;
        this.cancellation = cancellation;
    }

    /// <summary>Reads a stream.</summary>
    internal static PwXmlDocument Read(Stream stream, CancellationToken cancellation = default)
    {
        // No entities, no network, nothing but elements and text.
        var settings = new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            IgnoreComments = true,
            IgnoreWhitespace = true,
            IgnoreProcessingInstructions = true,
            CheckCharacters = true,
        };
        PwXmlDocument document = new();
        try
        {
            using XmlReader xml = XmlReader.Create(stream, settings);
            var parser = new PwXmlParser(xml, cancellation);
            document = parser.document;
            parser.ReadDocument();
        }
        catch (Exception e) when (e is XmlException or InvalidDataException or DecoderFallbackException or InvalidOperationException or EndOfStreamException)
        {
            document.Problem = e.Message;
        }

        return document;
    }

    private void ReadDocument()
    {
        while (xml.Read())
        {
            if (xml.NodeType == XmlNodeType.EndElement)
            {
                EndElement();
                continue;
            }

            if (xml.NodeType != XmlNodeType.Element)
            {
                continue;
            }

            cancellation.ThrowIfCancellationRequested();
            Element();
        }

        document.IsWhole = true;
    }

    private void EndElement()
    {
        switch (xml.LocalName)
        {
            case "input" when xml.Depth == 1:
                inInput = false;
                break;
            case "output" when xml.Depth == 1:
                inOutput = false;
                document.Output = step;
                step = null;
                break;
            case "step" when xml.Depth == 1:
                // Only a step that was closed is one.
                document.Steps.Add(step!);
                step = null;
                break;
        }
    }

    private void Element()
    {
        string name = xml.LocalName;
        if (xml.Depth == 1)
        {
            switch (name)
            {
                case "input":
                    inInput = !xml.IsEmptyElement;
                    return;
                case "output":
                    inOutput = !xml.IsEmptyElement;
                    step = new();
                    return;
                case "step":
                    step = new() { Number = Integer(xml.GetAttribute("n_step")) ?? document.Steps.Count + 1 };
                    return;
                case "status" or "exit_status":
                    document.ExitStatus = Integer(Text());
                    return;
            }
        }

        if (inInput)
        {
            InputElement(name);
        }
        else if (step is not null)
        {
            StepElement(name, step);
        }
        else if (name == "creator")
        {
            document.Version = xml.GetAttribute("VERSION");
        }
        else if (name == "created")
        {
            document.CreatedAt = PwTime.Parse(Encoding.UTF8.GetBytes($"{xml.GetAttribute("DATE")} at {xml.GetAttribute("TIME")}"));
        }
    }

    private void InputElement(string name)
    {
        switch (name)
        {
            case "calculation":
                document.Calculation = Text()?.Trim();
                break;
            case "functional":
                document.Functional = Text()?.Trim();
                break;
            case "ecutwfc":
                document.WavefunctionCutoff = Number(Text());
                break;
            case "ecutrho":
                document.DensityCutoff = Number(Text());
                break;
            case "conv_thr":
                document.Threshold = Number(Text());
                break;
            case "max_nstep":
                document.MaximumElectronicSteps = Integer(Text());
                break;
            case "lsda" or "noncolin":
                document.SpinPolarised |= IsTrue();
                break;
            case "occupations":
                document.Occupations = Text()?.Trim();
                break;
            case "smearing":
                document.SmearingWidth = Number(xml.GetAttribute("degauss"));
                document.Smearing = Text()?.Trim();
                break;
            case "monkhorst_pack":
                int?[] n = [Integer(xml.GetAttribute("nk1")), Integer(xml.GetAttribute("nk2")), Integer(xml.GetAttribute("nk3")), Integer(xml.GetAttribute("k1")), Integer(xml.GetAttribute("k2")), Integer(xml.GetAttribute("k3"))];
                if (n.All(i => i is not null))
                {
                    document.KPointMesh = string.Create(CultureInfo.InvariantCulture, $"{n[0]}x{n[1]}x{n[2]}{(n[3] == 0 && n[4] == 0 && n[5] == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" shift {n[3] / 2.0},{n[4] / 2.0},{n[5] / 2.0}"))}");
                }

                break;
            case "vdw_corr":
                document.Dispersion = Text()?.Trim();
                break;
            case "dftd3_version":
                document.Dispersion = Integer(Text()) switch { 2 => "D2", 3 => "D3", 4 => "D3(BJ)", 5 => "D3M", 6 => "D3M(BJ)", _ => document.Dispersion };
                break;
            case "species" when xml.GetAttribute("name") is { } label:
                document.Species.Add((label, ""));
                break;
            case "pseudo_file" when document.Species.Count > 0:
                document.Species[^1] = (document.Species[^1].Label, Text()?.Trim() ?? "");
                break;
            case "Hubbard_U" or "Hubbard_Um" or "Hubbard_Um_nc" or "Hubbard_V":
                document.HasHubbardU |= Number(Text()) is not 0;
                break;
            case "boundary_conditions" or "electric_field":
                document.HasOuterForces = true;
                break;
            case "external_atomic_forces":
                document.HasOuterForces = true;
                document.Features |= Numbers(Text())?.Any(f => f != 0) == true ? PwFeatures.ExternalForces : 0;
                break;
            case "assume_isolated":
                document.Features |= Text()?.Trim().ToLowerInvariant() switch { "esm" => PwFeatures.EffectiveScreeningMedium, "martyna-tuckerman" or "m-t" or "mt" => PwFeatures.Isolated, _ => 0 };
                break;
            case "electric_potential":
                document.Features |= Text()?.Trim() switch { "sawtooth_potential" => PwFeatures.SawtoothField, "homogenous_field" => PwFeatures.BerryPhaseField, _ => 0 };
                break;
            case "use_gate":
                document.Features |= IsTrue() ? PwFeatures.Gate : 0;
                break;
            case "spin_constraints" when xml.Depth > 2:
                document.Features |= Text()?.Trim() is null or "" or "none" ? 0 : PwFeatures.ConstrainedMagnetization;
                break;
            case "twochem":
                document.Features |= IsTrue() ? PwFeatures.ExcitedElectrons : 0;
                break;
            case "fcp" when xml.Depth == 3:
                document.HasPotentiostat |= IsTrue(); // the switch; settings stand in an element of the same name
                break;
            case "rism" when xml.Depth == 3:
                document.Features |= IsTrue() ? PwFeatures.Environment : 0;
                break;
            case "ignore_mun":
                // GC-SCF: without the term that makes it a grand potential the energy is one still, of a charge that nothing tells.
                document.HasPotentiostat = true;
                break;
            case "freeze_all_atoms":
                document.HoldsAllAtoms = IsTrue();
                break;
            case "atom" or "a1" or "a2" or "a3":
                StepElement(name, document.Input);
                break;
            case "free_positions":
                double[]? flags = Numbers(Text());
                document.FreeComponents = flags is null || flags.All(f => f != 0) ? null : [.. flags.Select(f => f != 0)];
                break;
        }
    }

    private void StepElement(string name, PwXmlStep s)
    {
        switch (name)
        {
            case "opt_conv" when inOutput:
                ReadOptimisation();
                break;
            case "convergence_achieved":
                s.ScfConverged = Text()?.Trim() switch { "true" => true, "false" => false, _ => null };
                break;
            case "n_scf_steps":
                s.ScfSteps = Integer(Text());
                break;
            case "atom" when xml.GetAttribute("name") is { } label:
                s.Labels.Add(label);
                Vector3D? position = Vector(Text());
                s.Positions.Add(position ?? default);
                Require(s, position is not null, "a position");
                break;
            case "a1" or "a2" or "a3":
                Vector3D? row = Vector(Text());
                Matrix3x3 cell = s.Cell ?? default;
                s.Cell = name switch { "a1" => cell with { Row1 = row ?? default }, "a2" => cell with { Row2 = row ?? default }, _ => cell with { Row3 = row ?? default } };
                Require(s, row is not null, "the cell");
                break;
            case "etot":
                s.Energy = Number(Text());
                Require(s, s.Energy is not null, "the energy");
                break;
            case "demet":
                s.SmearingContribution = Number(Text());
                break;
            case "potentiostat_contr":
                document.HasPotentiostat = true;
                break;
            case "esol":
                document.Features |= PwFeatures.Environment;
                break;
            case "total" when inOutput && s.TotalMagnetization is null:
                s.TotalMagnetization = Number(Text());
                break;
            case "forces":
                double[]? forces = Numbers(Text());
                Require(s, forces is not null && forces.Length == 3 * s.Positions.Count, "the forces");
                s.Forces = forces is null || forces.Length % 3 != 0 ? null : [.. Enumerable.Range(0, forces.Length / 3).Select(i => new Vector3D(forces[3 * i], forces[(3 * i) + 1], forces[(3 * i) + 2]))];
                break;
            case "stress":
                double[]? stress = Numbers(Text());
                Require(s, stress is { Length: 9 }, "the stress");
                s.Stress = stress is { Length: 9 } ? Matrix3x3.FromRowMajor(stress) : null;
                break;
            case "symmetries" or "ks_energies" or "starting_k_points" or "basis_set" or "algorithmic_info" or "dft" or "atomic_species" or "boundary_conditions" or "band_structure":
                SkipElement();
                break;
        }
    }

    private void ReadOptimisation()
    {
        if (xml.IsEmptyElement)
        {
            return;
        }

        int depth = xml.Depth;
        while (xml.Read() && xml.Depth > depth)
        {
            if (xml.NodeType == XmlNodeType.Element && xml.LocalName == "convergence_achieved")
            {
                document.OptimisationConverged = Text()?.Trim() switch { "true" => true, "false" => false, _ => null };
            }
        }
    }

    /// <summary>Goes to the end tag, so that the next Read is behind the element.</summary>
    private void SkipElement()
    {
        if (xml.IsEmptyElement)
        {
            return;
        }

        int depth = xml.Depth;
        while (xml.Read() && xml.Depth > depth)
        {
            // Bands and symmetries: the larger part of the file.
        }
    }

    /// <summary>The text of the present element; the reader then stands on its end tag.</summary>
    private string? Text()
    {
        if (xml.IsEmptyElement)
        {
            return null;
        }

        var text = new StringBuilder();
        int depth = xml.Depth;
        while (xml.Read() && xml.Depth > depth)
        {
            if (xml.NodeType is XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace)
            {
                text.Append(xml.Value);
            }
        }

        return text.ToString();
    }

    private bool IsTrue() => Text()?.Trim() == "true";

    private static void Require(PwXmlStep s, bool fine, string what)
    {
        if (!fine)
        {
            s.Problem ??= $"The XML does not give {what} of step {s.Number.ToString(CultureInfo.InvariantCulture)}.";
        }
    }

    private static int? Integer(string? text) => int.TryParse(text?.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) ? value : null;

    private static double? Number(string? text) => text is not null && Utf8Number.TryParseDouble(Encoding.UTF8.GetBytes(text.Trim()), out double value) ? value : null;

    private static double[]? Numbers(string? text)
    {
        if (text is null)
        {
            return null;
        }

        var numbers = new List<double>();
        var fields = new Utf8Fields(Encoding.UTF8.GetBytes(text.ReplaceLineEndings(" ")));
        while (fields.TryRead(out ReadOnlySpan<byte> field))
        {
            if (!Utf8Number.TryParseDouble(field, out double value))
            {
                return null;
            }

            numbers.Add(value);
        }

        return [.. numbers];
    }

    private static Vector3D? Vector(string? text) => Numbers(text) is [var x, var y, var z] ? new(x, y, z) : null;
}
