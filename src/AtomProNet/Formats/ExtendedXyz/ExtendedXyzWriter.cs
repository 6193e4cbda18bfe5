using System.Collections.Frozen;
using System.Collections.Immutable;
using AtomProNet.Structures;
using AtomProNet.Text;

namespace AtomProNet.Formats.ExtendedXyz;

/// <summary>
/// Writes extended XYZ (the specification of libAtoms/extxyz) frame by frame. Numbers have the shortest digits that read back the
/// same double; a frame that cannot be written is refused before its first byte.
/// </summary>
/// <remarks>
/// Units are eV, Å, eV/Å³ (tension positive), μ_B and e. A frame whose label is not F = E − TS says so in <c>energy_kind</c>.
/// <c>selective_dynamics</c> is written under that name and not as ASE's <c>move_mask</c>, since ASE sets the forces on fixed atoms to 0.
/// </remarks>
public sealed class ExtendedXyzWriter : IFormatWriter
{
    private static readonly FrozenSet<string> OwnKeys = new[]
    {
        FrameKeys.Lattice, FrameKeys.Properties, FrameKeys.Pbc, FrameKeys.ConfigType, FrameKeys.ConfigWeight, FrameKeys.EnergyKind,
        FrameKeys.EnergyWithoutEntropy, FrameKeys.EnergySigmaToZero, FrameKeys.EnergyUnspecified, FrameKeys.StructureName, FrameKeys.Group,
        FrameKeys.GroupInferred, FrameKeys.Root, FrameKeys.SourceFile, FrameKeys.SourceStep, FrameKeys.Convergence, FrameKeys.ConvergenceReason,
        FrameKeys.ElectronicSteps, FrameKeys.MaximumElectronicSteps, FrameKeys.LabelOrigin, FrameKeys.Temperature, FrameKeys.KineticEnergy,
        FrameKeys.BasisLattice, FrameKeys.TotalMagneticMoment,
    }.ToFrozenSet(StringComparer.Ordinal);

    private readonly ExtendedXyzWriteOptions options;
    private readonly LabelKeys keys;
    private readonly Utf8Output output;
    private (DftMethod? Method, string? Text) last;

    /// <summary>Prepares writing; the stream is left open.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="options">Names, energy and extent; null for the defaults.</param>
    public ExtendedXyzWriter(Stream stream, ExtendedXyzWriteOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        this.options = options ?? new ExtendedXyzWriteOptions();
        keys = LabelKeys.Of(this.options.KeyStyle);
        output = new Utf8Output(stream);
    }

    /// <summary>The number of frames written.</summary>
    public long FrameCount { get; private set; }

    /// <summary>Writes frames.</summary>
    /// <param name="stream">Where to; left open.</param>
    /// <param name="frames">What; asked for one by one.</param>
    /// <param name="options">Names, energy and extent; null for the defaults.</param>
    /// <returns>The number of frames written.</returns>
    public static long WriteAll(Stream stream, IEnumerable<Frame> frames, ExtendedXyzWriteOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(frames);
        using var writer = new ExtendedXyzWriter(stream, options);
        foreach (Frame frame in frames)
        {
            writer.Write(frame);
        }

        return writer.FrameCount;
    }

    /// <summary>Writes a structure, as a frame without labels.</summary>
    /// <inheritdoc cref="Write(Frame)"/>
    public void Write(Structure structure) => Write(new Frame(structure));

    /// <summary>Writes a frame, and hands it to the stream.</summary>
    /// <exception cref="AtomProNetException">Something in the frame cannot be written such that it reads back the same, or the frame does not have the energy that was asked for.</exception>
    public void Write(Frame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        EnergyKind? kind = LabelKind(frame);
        var columns = new WrittenColumns(frame, keys);
        CheckInformation(frame);
        CheckTexts(frame);
        if (frame.Stress is not null && keys.Virial is not null && frame.Structure.Lattice is null)
        {
            throw new AtomProNetException(ErrorKind.NotSupported, "VirialNeedsLattice", "A virial needs a cell, and the structure has none.", value: frame.ToString(), remedy: "Choose a key style that writes the stress.");
        }

        try
        {
            output.Write((long)frame.Structure.AtomCount);
            output.Write((byte)'\n');
            WriteComment(frame, columns, kind);
            columns.WriteRows(output);
            output.Flush();
        }
        catch
        {
            output.Discard();
            throw;
        }

        FrameCount++;
    }

    /// <summary>Gives the buffer back; the stream is left open.</summary>
    public void Dispose() => output.Dispose();

    private EnergyKind? LabelKind(Frame frame)
    {
        if (options.EnergyKind is not { } wanted || frame.EnergyKind is null)
        {
            return frame.EnergyKind;
        }

        return frame.GetEnergy(wanted) is not null
            ? wanted
            : throw new AtomProNetException(ErrorKind.InvalidArgument, "EnergyKindMissing", $"The frame has no energy of the kind {wanted}.", value: frame.ToString(), remedy: $"It has {frame.EnergyKind}; ask for that, or leave the frame out.");
    }

    private void WriteComment(Frame frame, WrittenColumns columns, EnergyKind? kind)
    {
        Structure structure = frame.Structure;
        if (structure.Lattice is { } lattice)
        {
            output.Write("Lattice="u8);
            ValueWriter.WriteNine(output, lattice.Rows);
            output.Write((byte)' ');
        }

        output.Write("Properties="u8);
        bool bare = columns.Properties.AsSpan().IndexOfAnyExcept("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_:-.") < 0;
        if (bare)
        {
            output.Write(columns.Properties);
        }
        else
        {
            ValueWriter.WriteText(output, columns.Properties);
        }

        if (kind is { } label)
        {
            Pair(keys.Energy, frame.GetEnergy(label)!.Value);
            Pair(FrameKeys.EnergyKind, EnergyKindNames.NameOf(label));
        }

        if (frame.Stress is { } stress)
        {
            output.Write((byte)' ');
            output.Write(keys.Stress ?? keys.Virial!);
            output.Write((byte)'=');
            ValueWriter.WriteNine(output, keys.Stress is not null ? stress.ToMatrix() : frame.Virial!.Value);
        }

        output.Write(" pbc=\""u8);
        output.Write(structure.Periodicity.ToString());
        output.Write((byte)'"');
        Pair(FrameKeys.ConfigType, frame.ConfigType);
        Pair(FrameKeys.ConfigWeight, frame.Weight);
        if (options.IncludeFurtherLabels)
        {
            WriteFurtherLabels(frame, kind);
        }

        if (options.IncludeDescent)
        {
            WriteDescent(frame);
        }

        foreach ((string key, object value) in frame.Information)
        {
            Pair(key, value);
        }

        output.Write((byte)'\n');
    }

    private void WriteFurtherLabels(Frame frame, EnergyKind? kind)
    {
        Pair(FrameKeys.FreeEnergy, kind == EnergyKind.Free ? null : frame.FreeEnergy);
        Pair(FrameKeys.EnergyWithoutEntropy, kind == EnergyKind.WithoutEntropy ? null : frame.EnergyWithoutEntropy);
        Pair(FrameKeys.EnergySigmaToZero, kind == EnergyKind.SigmaToZero ? null : frame.EnergySigmaToZero);
        Pair(FrameKeys.EnergyUnspecified, kind == EnergyKind.Unspecified ? null : frame.UnspecifiedEnergy);
        Pair(FrameKeys.TotalMagneticMoment, frame.TotalMagneticMoment);
        Pair(FrameKeys.Temperature, frame.Temperature);
        Pair(FrameKeys.KineticEnergy, frame.KineticEnergy);
        Pair(FrameKeys.LabelOrigin, frame.Origin == LabelOrigin.Unknown ? null : frame.Origin.ToString());
        Pair(FrameKeys.BasisLattice, frame.BasisLattice?.Rows.ToRowMajor());
    }

    private void WriteDescent(Frame frame)
    {
        Pair(FrameKeys.StructureName, frame.Structure.Name);
        if (frame.Structure.Provenance is { } provenance)
        {
            Pair(FrameKeys.Root, provenance.RootId);
            Pair(FrameKeys.Group, provenance.GroupId);
            Pair(FrameKeys.GroupInferred, provenance.GroupInferred ? true : null);
        }

        Pair(FrameKeys.SourceFile, frame.Source?.File);
        Pair(FrameKeys.SourceStep, (long?)frame.Source?.Step);
        string? verdict = frame.Convergence.Electronic switch
        {
            ElectronicConvergence.NotConverged => "not_converged",
            ElectronicConvergence.Ambiguous => "ambiguous",
            _ => null,
        };
        if (verdict is not null)
        {
            Pair(FrameKeys.Convergence, verdict);
            Pair(FrameKeys.ConvergenceReason, frame.Convergence.Reason);
            Pair(FrameKeys.ElectronicSteps, (long?)frame.Convergence.ElectronicSteps);
            Pair(FrameKeys.MaximumElectronicSteps, (long?)frame.Convergence.MaximumElectronicSteps);
        }

        Pair(FrameKeys.Method, MethodText(frame.Method));
    }

    // The frames of one run share one object: its text is made once.
    private string? MethodText(DftMethod? method)
    {
        if (!ReferenceEquals(method, last.Method))
        {
            last = (method, method is null ? null : DftMethodText.Write(method));
        }

        return last.Text;
    }

    private void Pair(string key, object? value)
    {
        if (value is not null)
        {
            output.Write((byte)' ');
            ValueWriter.WriteKey(output, key);
            output.Write((byte)'=');
            ValueWriter.WriteValue(output, value);
        }
    }

    private void CheckInformation(Frame frame)
    {
        bool periodic = frame.Structure.Lattice is not null;
        foreach ((string key, object value) in frame.Information)
        {
            bool taken = OwnKeys.Contains(key) || key == keys.Energy || key == keys.Stress || key == keys.Virial
                || (key == FrameKeys.Method && (frame.Method is not null || (value is string text && DftMethodText.IsMethod(text))))
                || (key == FrameKeys.FreeEnergy && (keys.Energy == "energy" || frame.EnergyKind is not null))
                || (periodic && keys.Energy == "energy" && (LabelKeys.VirialNames.Contains(key) || LabelKeys.StressNames.Contains(key)));
            if (taken)
            {
                throw new AtomProNetException(ErrorKind.NotSupported, "ExtendedXyzNameTaken", $"The information '{key}' has the name of a label, and would be read back as one.", value: frame.ToString(), remedy: "Rename it, or choose another key style.");
            }

            if (key.Length == 0 || ValueWriter.WhyUnwritable(key) is not null || ValueWriter.WhyUnwritable(value) is not null)
            {
                string why = key.Length == 0 ? "no key" : ValueWriter.WhyUnwritable(key) ?? ValueWriter.WhyUnwritable(value)!;
                throw new AtomProNetException(ErrorKind.NotSupported, "ExtendedXyzValue", $"The information '{key}' holds {why}, which extended XYZ cannot hold.", value: frame.ToString(), remedy: "It holds numbers, truth values and texts, and arrays of one or two dimensions of them.");
            }
        }
    }

    private void CheckTexts(Frame frame)
    {
        ImmutableArray<string?> texts = options.IncludeDescent
            ? [frame.ConfigType, frame.Structure.Name, frame.Structure.Provenance?.RootId, frame.Structure.Provenance?.GroupId, frame.Source?.File, frame.Convergence.Reason, MethodText(frame.Method)]
            : [frame.ConfigType];
        foreach (string? text in texts)
        {
            if (text is not null && ValueWriter.WhyUnwritable(text) is { } why)
            {
                throw new AtomProNetException(ErrorKind.NotSupported, "ExtendedXyzValue", $"A name holds {why}, which extended XYZ cannot hold.", value: text, remedy: "Rename it.");
            }
        }
    }
}
