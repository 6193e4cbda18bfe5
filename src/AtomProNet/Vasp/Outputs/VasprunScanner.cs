using AtomProNet.Calculations;
using AtomProNet.Structures;
using AtomProNet.Text;

namespace AtomProNet.Vasp.Outputs;

/// <summary>One pass over a vasprun.xml: gathers the header and hands out each calculation.</summary>
internal sealed class VasprunScanner(Utf8LineReader reader, CalculationReport report)
{
    private VasprunStep? current;
    private bool inElectronicStep, inEnergy;
    private int steps;

    internal VasprunHeader Header { get; } = new();

    /// <summary>Whether the file is a vasprun.xml at all.</summary>
    internal bool IsRecognised { get; private set; }

    /// <summary>The next calculation, whole or not; null at the end of the file.</summary>
    internal VasprunStep? Next()
    {
        while (reader.Read())
        {
            ReadOnlySpan<byte> text = reader.Line.TrimStart((byte)' ');
            if (text.IsEmpty || text[0] != '<')
            {
                continue;
            }

            if (text.StartsWith("<calculation>"u8))
            {
                VasprunStep? unfinished = current;
                Begin();
                if (unfinished is not null)
                {
                    unfinished.AddProblem("CalculationNotEnded", "Its element does not end.", reader.LineNumber);
                    unfinished.IsEnded = true;
                    return unfinished;
                }
            }
            else if (text.StartsWith("</calculation>"u8))
            {
                if (current is null)
                {
                    Begin();
                    current!.AddProblem("CalculationNotBegun", "The beginning of its element is missing.", reader.LineNumber);
                }

                VasprunStep ended = current!;
                ended.IsEnded = true;
                if (Header.Settings.HasResponse)
                {
                    ended.LeaveOutResponse();
                }

                current = null;
                return ended;
            }
            else if (current is null)
            {
                TakeOutside(text);
            }
            else
            {
                TakeInside(text);
            }
        }

        VasprunStep? cut = current;
        current = null;
        return cut;
    }

    private void Begin()
    {
        Header.Resolve(report.Add);
        report.Version = Header.Settings.Version;
        if (Header.Error is { } error && steps == 0)
        {
            report.Add(error.InFile(report.File));
        }

        steps++;
        report.IonicStepCount++;
        inElectronicStep = inEnergy = false;
        current = new(steps, reader.LineNumber);
    }

    private void TakeOutside(ReadOnlySpan<byte> text)
    {
        if (text.StartsWith("<modeling>"u8))
        {
            IsRecognised = true;
        }
        else if (text.StartsWith("</modeling>"u8))
        {
            report.IsFinished = true;
        }
        else if (steps > 0)
        {
            // What follows the calculations (the final positions) belongs to none of them.
        }
        else if (XmlLine.Opens(text, "<structure"u8))
        {
            if (XmlLine.Name(text).SequenceEqual("initialpos"u8))
            {
                Header.Resolve(report.Add);
                Header.Start = Header.Species.IsEmpty ? null : XmlStructure.Read(reader, Header.Species.Length, out _);
            }
        }
        else if (!Header.IsResolved)
        {
            Header.Take(text, reader.LineNumber);
        }
    }

    private void TakeInside(ReadOnlySpan<byte> text)
    {
        if (text.StartsWith("<scstep>"u8))
        {
            inElectronicStep = true;
            current!.BeginElectronicStep();
        }
        else if (text.StartsWith("</scstep>"u8))
        {
            inElectronicStep = false;
            current!.EndElectronicStep();
        }
        else if (text.StartsWith("<energy>"u8))
        {
            inEnergy = true;
        }
        else if (text.StartsWith("</energy>"u8))
        {
            inEnergy = false;
        }
        else if (inEnergy && XmlLine.Opens(text, "<i"u8))
        {
            TakeEnergy(text);
        }
        else if (XmlLine.Opens(text, "<structure"u8))
        {
            TakeStructure();
        }
        else if (XmlLine.Opens(text, "<varray"u8))
        {
            TakeTable(XmlLine.Name(text));
        }
    }

    private void TakeEnergy(ReadOnlySpan<byte> text)
    {
        string name = XmlLine.ToText(XmlLine.Name(text));
        bool readable = XmlLine.TryNumber(text, out PrintedNumber value);
        if (inElectronicStep)
        {
            if (readable)
            {
                current!.Electronic[name] = value;
            }
        }
        else if (readable)
        {
            current!.AddEnergy(name, value, reader.LineNumber);
        }
        else if (name == "e_fr_energy")
        {
            current!.AddProblem("EnergyUnreadable", "Its free energy is unreadable: " + XmlLine.ToText(text), reader.LineNumber);
        }
    }

    private void TakeStructure()
    {
        long line = reader.LineNumber;
        XmlStructure? structure = XmlStructure.Read(reader, Header.Species.Length, out string problem);
        if (structure is null)
        {
            current!.AddProblem("StructureUnreadable", problem, line);
        }
        else if (current!.Structure is not null)
        {
            current.AddProblem("BlockDoubled", "It holds two structures, and nobody can tell which one belongs to the rest.", line);
        }

        current.Structure = structure;
    }

    private void TakeTable(ReadOnlySpan<byte> name)
    {
        long line = reader.LineNumber;
        if (name.SequenceEqual("forces"u8))
        {
            bool isSecond = current!.Forces is not null;
            current.Forces = XmlRows.Read(reader, Header.Species.Length, out int decimals, out string problem);
            current.ForceDecimals = decimals;
            current.ForcesLine = line;
            if (current.Forces is null || isSecond)
            {
                current.AddProblem(isSecond ? "BlockDoubled" : "ForcesUnreadable", isSecond ? "Its forces stand twice." : problem, line);
            }
        }
        else if (name.SequenceEqual("stress"u8))
        {
            bool isSecond = current!.Stress is not null;
            Vector3D[]? rows = XmlRows.Read(reader, 3, out _, out string problem);
            current.Stress = rows is null ? null : new Matrix3x3(rows[0], rows[1], rows[2]);
            if (rows is null || isSecond)
            {
                current.AddProblem(isSecond ? "BlockDoubled" : "StressUnreadable", isSecond ? "Its stress stands twice." : problem, line);
            }
        }
    }
}
