using System.Text;
using AtomProNet.Structures;
using AtomProNet.Text;

namespace AtomProNet.Vasp.Outputs;

/// <summary>The blocks of a step: energies, stress, cell, positions and forces, moments.</summary>
internal sealed partial class OutcarScanner
{
    private void TakeForces(ReadOnlySpan<byte> text)
    {
        bool isLearned = text.IndexOf("(ML)"u8) > 0, withoutDispersion = text.IndexOf("FORCE-w/o vdW"u8) > 0;
        long line = reader.LineNumber;
        IonicStep step = isLearned ? Learned() : Current();
        int count = step.Header.Species.Length;
        if (count == 0)
        {
            step.AddProblem("SpeciesUnknown", "It is not known which element its atoms are.", line);
            return;
        }

        if (ForceTable.TryRead(reader, count, withoutDispersion, out Vector3D[]? positions, out Vector3D[]? forces, out Vector3D? drift, out string problem))
        {
            step.SetForces(positions!, forces!, line);
            step.Drift = drift;
        }
        else
        {
            step.AddProblem("ForcesUnreadable", problem, reader.LineNumber);
        }
    }

    // What the forces are made of, a row per atom: a quarter of the file, and nothing that is wanted.
    private void PassOverForceParts()
    {
        if (!reader.Read())
        {
            return;
        }

        if (reader.Line.IndexOf("electron-ion"u8) < 0)
        {
            reader.PushBack();
        }
        else if (reader.Read())
        {
            if (ForceTable.IsRule(reader.Line))
            {
                reader.PassOverRows(header.Species.Length);
            }
            else
            {
                reader.PushBack();
            }
        }
    }

    private void TakeStartingPositions()
    {
        if (header.IonCount is not { } count || header.StartingPositions is not null)
        {
            return;
        }

        var positions = new Vector3D[count];
        Span<double> row = stackalloc double[3];
        for (int i = 0; i < count; i++)
        {
            if (!reader.Read())
            {
                return;
            }

            ReadOnlySpan<byte> rest = reader.Line;
            if (!FixedDecimals.TryTake(ref rest, 8, row) || !FixedDecimals.IsBlank(rest))
            {
                reader.PushBack();
                return;
            }

            positions[i] = new(row[0], row[1], row[2]);
        }

        header.StartingPositions = positions;
    }

    private void TakeFreeEnergy(ReadOnlySpan<byte> text)
    {
        // One blank in an electronic step, two in an ionic one.
        bool isElectronic = text.StartsWith("free energy    TOTEN"u8), isIonic = text.StartsWith("free  energy   TOTEN"u8), isLearned = text.StartsWith("free  energy ML TOTEN"u8);
        if (!isElectronic && !isIonic && !isLearned)
        {
            return;
        }

        bool readable = TryNumber(text[(text.IndexOf((byte)'=') + 1)..], out PrintedNumber value);
        if (isElectronic)
        {
            if (!inResponse)
            {
                current?.SetElectronicEnergy(readable ? value : null);
            }

            return;
        }

        IonicStep step = isLearned ? Learned() : Current();
        if (readable)
        {
            step.SetFreeEnergy(value, reader.LineNumber);
        }
        else
        {
            step.AddProblem("EnergyUnreadable", "Its free energy is unreadable: " + Encoding.UTF8.GetString(text.TrimEnd((byte)' ')), reader.LineNumber);
        }
    }

    private void TakeOtherEnergies(ReadOnlySpan<byte> text, bool isLearned)
    {
        IonicStep step = isLearned ? Learned() : Current();
        int first = text.IndexOf((byte)'='), label = text.IndexOf("energy(sigma->0)"u8);
        if (first > 0 && label > first && text[label..].IndexOf((byte)'=') is > 0 and var second
            && TryNumber(text[(first + 1)..], out PrintedNumber withoutEntropy) && TryNumber(text[(label + second + 1)..], out PrintedNumber sigmaToZero))
        {
            step.SetOtherEnergies(withoutEntropy, sigmaToZero, reader.LineNumber);
        }
        else
        {
            step.AddProblem("EnergyUnreadable", "Its energies without entropy and for σ→0 are unreadable.", reader.LineNumber);
        }
    }

    private void TakeLattice()
    {
        bool followsVolume = volumeLine == reader.LineNumber - 1, followsCutoff = followsVolume && cutoffLine == reader.LineNumber - 2;
        bool isLearned = followsVolume && !followsCutoff && learned is { Lattice: null };
        if ((!followsCutoff && !isLearned) || (followsCutoff && oldParametersLine > 0 && cutoffLine == oldParametersLine + 1))
        {
            // The primitive cell of the symmetry analysis, or the cell of an earlier run, whose orbitals (WAVECAR) this one starts from.
            return;
        }

        // Before the first heading the cell is the starting one; a machine-learned frame may already stand there.
        IonicStep? step = isLearned ? learned : header.IsResolved && (current is not null || lastStep > stepOffset) ? Current() : null;
        long line = reader.LineNumber;
        if (LatticeBlock.TryRead(reader, volume is { } v ? (v.Value, v.Decimals) : null, lastLattice, out LatticeBlock? block, out string problem))
        {
            lastLattice = block;
            if (step is not null)
            {
                step.SetLattice(block!);
            }
            else if (block!.Contradiction is null)
            {
                header.StartingLattice = block;
            }
        }
        else
        {
            step?.AddProblem("LatticeUnreadable", problem, line);
        }
    }

    private void TakeStressTotal(ReadOnlySpan<byte> text)
    {
        IonicStep? step = inLearnedStress ? learned : current;
        var row = new double[6];
        int decimals = FixedDecimals.CountDecimals(text);
        if (step is not null && decimals is > 0 and < 12 && FixedDecimals.TryTake(ref text, decimals, row) && FixedDecimals.IsBlank(text))
        {
            step.StressTotal = row;
            step.StressTotalDecimals = decimals;
        }
    }

    private void TakeStress(ReadOnlySpan<byte> text)
    {
        IonicStep step = inLearnedStress ? Learned() : Current();
        var row = new double[6];
        int decimals = FixedDecimals.CountDecimals(text);
        if (decimals is > 0 and < 12 && FixedDecimals.TryTake(ref text, decimals, row) && FixedDecimals.IsBlank(text))
        {
            step.SetStress(row, decimals, reader.LineNumber);
        }
        else
        {
            step.AddProblem("StressUnreadable", "Its stress is unreadable: " + Encoding.UTF8.GetString(reader.Line.Trim((byte)' ')), reader.LineNumber);
        }
    }

    private void TakeMoments(int axis)
    {
        if (axis is < 0 or > 2 || current is null)
        {
            return;
        }

        current.Moments[axis] = MomentTable.TryRead(reader, current.Header.Species.Length, out double[]? moments) ? moments : null;
    }

    private void TakeSphereElectrons()
    {
        if (current is not null)
        {
            current.SphereElectrons = MomentTable.TryRead(reader, current.Header.Species.Length, out double[]? electrons) ? electrons : null;
        }
    }

    private void TakeTotalMoment(ReadOnlySpan<byte> text)
    {
        int label = text.IndexOf("magnetization"u8);
        if (label < 0 || current is null || current.IsEnded)
        {
            return;
        }

        ReadOnlySpan<byte> rest = text[(label + 13)..];
        Span<double> values = stackalloc double[3];
        int count = 0;
        while (count < 3 && FixedDecimals.TryTake(ref rest, 7, out double value))
        {
            values[count++] = value;
        }

        current.TotalMoment = count is 1 or 3 && FixedDecimals.IsBlank(rest) ? values[..count].ToArray() : null;
    }

    private void TakeKineticEnergy(ReadOnlySpan<byte> text)
    {
        if (current is null)
        {
            return;
        }

        if (text.StartsWith("kinetic energy EKIN"u8) && !current.IsEnded)
        {
            current.KineticEnergy = TryNumber(text[(text.IndexOf((byte)'=') + 1)..], out PrintedNumber value) ? value.Value : null;
        }
        else if (text.StartsWith("kin. lattice"u8) && !current.IsEnded && text.IndexOf("(temperature"u8) is > 0 and var label)
        {
            current.Temperature = TryNumber(text[(label + 12)..], out PrintedNumber value) ? value.Value : null;
        }
    }

    private static bool TryNumber(ReadOnlySpan<byte> text, out PrintedNumber number)
    {
        text = text.TrimStart((byte)' ');
        number = default;
        if (!Utf8Number.TryParseDouble(text, out double value, out int consumed) || (consumed < text.Length && text[consumed] != ' '))
        {
            return false;
        }

        number = new(value, FixedDecimals.CountDecimals(text[..consumed]));
        return true;
    }
}
