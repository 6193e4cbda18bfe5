using AtomProNet.Text;

namespace AtomProNet.QuantumEspresso.Outputs;

/// <summary>What the summary says about +U in its many forms (PW/src/hubbard.f90, intersite_V.f90; before 7.1 PW/src/summary.f90).</summary>
internal sealed partial class PwOutputParser
{
    // The columns of the table of releases 5 to 7.0, behind L; U itself has no name.
    private static readonly string[] HubbardColumns = ["", " alpha", " J0", " beta"];

    private bool DispatchHubbard(ReadOnlySpan<byte> t)
    {
        switch (t[0])
        {
            case (byte)'a' when t.StartsWith("atomic species    L  "u8):
                ReadHubbardTable();
                return true;
            case (byte)'F' when t.StartsWith("Full LDA+U calculation"u8):
                ReadFullHubbard();
                return true;
            case (byte)'O' when t.StartsWith("Orbital-resolved Hubbard parameters"u8):
                ReadOrbitalHubbard();
                return true;
            case (byte)'U' or (byte)'J' or (byte)'B' or (byte)'E' or (byte)'a' or (byte)'b' when t.IndexOf(") ="u8) > 0:
                return ReadHubbardLine(t);
            case (byte)'i' when t.StartsWith("i    j  dist (Bohr)"u8):
                ReadIntersiteTable();
                return true;
            default:
                return false;
        }
    }

    /// <summary>Releases 5 to 7.0: <c>atomic species    L          U    alpha       J0     beta</c> and one row a species.</summary>
    private void ReadHubbardTable()
    {
        while (reader.Read())
        {
            var fields = new Utf8Fields(reader.Line);
            if (!fields.TryRead(out ReadOnlySpan<byte> label) || !fields.TryReadDouble(out _) || !fields.TryReadDouble(out double value))
            {
                reader.PushBack();
                return;
            }

            string name = Utf8Fields.ToText(label);
            NoteHubbard(name, HubbardColumns[0], value);
            for (int column = 1; column < HubbardColumns.Length && fields.TryReadDouble(out value); column++)
            {
                NoteHubbard(name, HubbardColumns[column], value);
            }
        }
    }

    /// <summary>Up to 7.0, rotationally invariant: <c>U(  2) =   4.3000   J(  2) =   0.8000   B(  2) =   0.0000</c>, by the number of the species.</summary>
    private void ReadFullHubbard()
    {
        while (reader.Read())
        {
            ReadOnlySpan<byte> t = reader.Line.TrimStart((byte)' ');
            if (!t.StartsWith("U("u8))
            {
                reader.PushBack();
                return;
            }

            while (t.IndexOf((byte)'(') is > 0 and var open && t.IndexOf(") ="u8) is var close && close > open)
            {
                ReadOnlySpan<byte> name = t[..open].Trim((byte)' '), number = t[(open + 1)..close].Trim((byte)' ');
                t = t[(close + 3)..];
                if (!Utf8Number.TryParseInteger(number, out long species) || species < 1 || species > run!.Species.Count || !FixedDecimals.TryTake(ref t, 4, out double value))
                {
                    break;
                }

                NoteHubbard(run.Species[(int)species - 1].Label, name.SequenceEqual("U"u8) ? "" : " " + Utf8Fields.ToText(name), value);
            }
        }
    }

    /// <summary>From 7.1 on: <c>U(Fe1-3d) =  4.6000</c>, <c>J0(Fe1-3d) =  1.0000</c>, and <c>U(Fe1-3p-3s) =  2.0000</c> for the manifolds behind the first.</summary>
    private bool ReadHubbardLine(ReadOnlySpan<byte> t)
    {
        if (!TryManifold(t, out string label, out string parameter, out ReadOnlySpan<byte> rest) || !rest.StartsWith(" ="u8))
        {
            return false;
        }

        rest = rest[2..];
        if (FixedDecimals.TryTake(ref rest, 4, out double value) && FixedDecimals.IsBlank(rest))
        {
            NoteHubbard(label, parameter, value);
        }

        return true;
    }

    /// <summary>From 7.4 on, where orbitals have values of their own: <c>U(Co-3d)</c>, and a row of them for each spin or, non-collinear, for both.</summary>
    private void ReadOrbitalHubbard()
    {
        string label = "", parameter = "";
        int spin = 0;
        while (reader.Read())
        {
            ReadOnlySpan<byte> t = reader.Line.Trim((byte)' ');
            if (TryManifold(t, out string newLabel, out string newParameter, out _))
            {
                (label, parameter, spin) = (newLabel, newParameter, 0);
                continue;
            }

            ReadOnlySpan<byte> numbers = t.StartsWith("spin-channel"u8) ? t[(t.IndexOf((byte)':') + 1)..] : t;
            if (label.Length == 0 || !FixedDecimals.TryTake(ref numbers, 4, out double value))
            {
                reader.PushBack();
                return;
            }

            spin++;
            int orbital = 1;
            do
            {
                NoteHubbard(label, FormattableString.Invariant($"{parameter}[{spin},{orbital++}]"), value);
            }
            while (FixedDecimals.TryTake(ref numbers, 4, out value));
        }
    }

    /// <summary>DFT+U+V: a row for each pair of atoms, with its V between the manifolds; for an atom and itself it is U. Atoms of other cells are counted on.</summary>
    private void ReadIntersiteTable()
    {
        run!.HubbardPairs.Clear();
        while (reader.Read())
        {
            ReadOnlySpan<byte> t = reader.Line;
            int sign = t.IndexOf("V ="u8);
            var fields = new Utf8Fields(t);
            ReadOnlySpan<byte> numbers = sign < 0 ? default : t[(sign + 3)..];
            if (sign < 0 || !fields.TryRead(out ReadOnlySpan<byte> first) || !fields.TryRead(out ReadOnlySpan<byte> second)
                || !Utf8Number.TryParseInteger(first, out long i) || !Utf8Number.TryParseInteger(second, out long j) || i < 1 || j < 1 || !FixedDecimals.TryTake(ref numbers, 4, out double value))
            {
                reader.PushBack();
                return;
            }

            // 6.5 has three columns, without the last.
            double[] values = new double[4];
            int column = 0;
            do
            {
                values[column++] = value;
            }
            while (column < values.Length && FixedDecimals.TryTake(ref numbers, 4, out value));

            run.HubbardPairs.Add((i, j, values));
        }
    }

    /// <summary>The label, and what the parameter is: nothing for U of the first manifold, <c>-3p</c> for that of another, <c> J0</c> and so on.</summary>
    private bool TryManifold(ReadOnlySpan<byte> t, out string label, out string parameter, out ReadOnlySpan<byte> rest)
    {
        label = parameter = "";
        rest = default;
        int open = t.IndexOf((byte)'('), close = t.LastIndexOf((byte)')');
        if (open is < 1 or > 5 || close < open)
        {
            return false;
        }

        ReadOnlySpan<byte> inside = t[(open + 1)..close];
        int end = inside.Length;
        while (end > 3 && inside[end - 3] == (byte)'-' && inside[end - 2] is >= (byte)'1' and <= (byte)'9' && "spdf"u8.Contains(inside[end - 1]))
        {
            end -= 3;
        }

        if (end == inside.Length)
        {
            return false;
        }

        label = Utf8Fields.ToText(inside[..end]);
        string manifold = Utf8Fields.ToText(inside[end..]), name = Utf8Fields.ToText(t[..open]);
        if (!run!.HubbardManifolds.TryAdd(label, manifold) && run.HubbardManifolds[label] != manifold)
        {
            parameter = manifold;
        }

        parameter += name == "U" ? "" : " " + name;
        rest = t[(close + 1)..];
        return true;
    }

    private void NoteHubbard(string label, string parameter, double value)
    {
        if (value != 0)
        {
            run!.Hubbard[(label, parameter)] = value;
        }
    }
}
