using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using AtomProNet.Files;
using AtomProNet.Structures;
using AtomProNet.Text;

namespace AtomProNet.Formats.Poscar;

/// <summary>
/// Reads POSCAR and CONTCAR in all their variants (VASP manual, POSCAR): a scale that is a factor, three factors or minus the
/// volume; with and without a line of symbols; selective dynamics; Direct and Cartesian; velocities; labels behind the rows.
/// Species may be interleaved (<c>Ti O Ti</c>); nothing is reordered.
/// </summary>
/// <remarks>
/// Site properties: <c>selective_dynamics</c> (logical ×3, true = free to move), <c>velocities</c> (real ×3, Å/fs),
/// <c>oxidation_state</c> (real) where every row has a label such as <c>Al3+</c>. VASP's predictor-corrector block is passed over.
/// </remarks>
public static class PoscarReader
{
    /// <summary>Reads a structure from a stream, which is left open.</summary>
    /// <inheritdoc cref="Read(ReadOnlySpan{byte}, string, PoscarReadOptions?)"/>
    public static Structure Read(Stream stream, string source, PoscarReadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return Read(WholeStream.Read(stream), source, options);
    }

    /// <summary>Reads a structure.</summary>
    /// <param name="text">The file's bytes.</param>
    /// <param name="source">The file's name, for messages.</param>
    /// <param name="options">Species for a file that does not name them, and who is told of findings.</param>
    /// <exception cref="AtomProNetException">The file does not say what a POSCAR must say.</exception>
    public static Structure Read(ReadOnlySpan<byte> text, string source, PoscarReadOptions? options = null)
    {
        try
        {
            return new Parser(text, source, options ?? new PoscarReadOptions()).Read();
        }
        catch (AtomProNetException e)
        {
            throw e.InFile(source);
        }
    }

    private ref struct Parser(ReadOnlySpan<byte> text, string source, PoscarReadOptions options)
    {
        private readonly string source = source;
        private readonly PoscarReadOptions options = options;
        private Utf8Lines lines = new(text);
        private int largestDecimals;

        public Structure Read()
        {
            ReadOnlySpan<byte> comment = Line("the comment line");
            Matrix3x3 rows = ReadCell();
            (List<Element>? named, int[] counts) = ReadSpecies();
            int total = Total(counts);

            ReadOnlySpan<byte> mode = Line("the line 'Direct' or 'Cartesian'").TrimStart(" \t"u8);
            bool selective = mode.Length > 0 && (mode[0] | 0x20) == 's';
            if (selective)
            {
                mode = Line("the line 'Direct' or 'Cartesian'").TrimStart(" \t"u8);
            }

            bool cartesian = ReadMode(mode);
            var positions = new Vector3D[total];
            bool[]? free = selective ? new bool[total * 3] : null;
            var labels = new PoscarRowLabels(total);
            for (int i = 0; i < total; i++)
            {
                ReadRow(i, total, positions, free, ref labels);
            }

            ImmutableArray<Element> species = PoscarSpecies.Resolve(named, counts, comment, labels, options);
            Vector3D scale = Scale(ref rows, out bool scaled);
            if (cartesian && scaled)
            {
                for (int i = 0; i < total; i++)
                {
                    positions[i] = new(positions[i].X * scale.X, positions[i].Y * scale.Y, positions[i].Z * scale.Z);
                }
            }

            var lattice = new Lattice(rows);
            if (!lattice.IsRightHanded)
            {
                Tell("LatticeLeftHanded", "The triple product a·(b×c) of the lattice vectors is negative, and VASP refuses such a cell.", "Exchange two lattice vectors, and the fractional coordinates along them.");
            }

            if (labels.Contradiction(species) is { } contradiction)
            {
                Tell("PoscarLabelContradictsSpecies", contradiction, "VASP goes by the line of symbols, and so does this reader; check whether the rows were sorted by hand.");
            }

            var properties = ImmutableSortedDictionary.CreateBuilder<string, SiteProperty>(StringComparer.Ordinal);
            if (free is not null)
            {
                properties["selective_dynamics"] = SiteProperty.Logical(3, ImmutableCollectionsMarshal.AsImmutableArray(free));
            }

            if (labels.OxidationStates(species) is { } states)
            {
                properties["oxidation_state"] = SiteProperty.Real(1, ImmutableCollectionsMarshal.AsImmutableArray(states));
            }

            if (ReadVelocities(total) is { } velocities)
            {
                properties["velocities"] = SiteProperty.Real(3, ImmutableCollectionsMarshal.AsImmutableArray(velocities));
            }

            string name = Utf8Fields.ToText(comment).Trim();
            return new Structure(
                lattice,
                species,
                ImmutableCollectionsMarshal.AsImmutableArray(positions),
                cartesian ? CoordinateKind.Cartesian : CoordinateKind.Fractional,
                siteProperties: properties.ToImmutable(),
                name: name.Length > 0 ? name : null);
        }

        private double[] scales = [];
        private long scaleLine;

        private Matrix3x3 ReadCell()
        {
            ReadOnlySpan<byte> line = Line("the scale");
            scaleLine = lines.LineNumber;
            var fields = new Utf8Fields(line);
            var found = new List<double>(3);
            while (found.Count < 3 && fields.TryReadDouble(out double value))
            {
                found.Add(value);
            }

            // A remark may stand behind the number; a second number without a third is neither one scale nor three.
            bool good = found.Count == 1 ? found[0] != 0 : found.Count == 3 && found.TrueForAll(s => s > 0);
            if (!good)
            {
                throw Error("PoscarScale", "The second line must hold the scale: one number that is not 0 (negative: the volume of the cell in Å³), or three positive ones.", line, "Write 1.0 there if the lattice vectors are in Å.");
            }

            scales = [.. found];
            return new Matrix3x3(ReadVector(), ReadVector(), ReadVector());
        }

        private Vector3D ReadVector()
        {
            ReadOnlySpan<byte> line = Line("a lattice vector");
            return new Utf8Fields(line).TryReadVector(out Vector3D vector)
                ? vector
                : throw Error("PoscarLatticeVector", "Lines 3 to 5 must hold the three components of a lattice vector each.", line, "Separate the numbers by blanks.");
        }

        /// <summary>Applies the scale to the lattice vectors and says by what Cartesian positions are to be multiplied.</summary>
        private readonly Vector3D Scale(ref Matrix3x3 rows, out bool scaled)
        {
            Vector3D s = scales.Length == 3 ? new(scales[0], scales[1], scales[2]) : new(scales[0], scales[0], scales[0]);
            if (scales[0] < 0)
            {
                double volume = Math.Abs(rows.Determinant);
                double factor = volume > 0 ? Math.Cbrt(-scales[0] / volume) : 0;
                if (factor is <= 0 or double.PositiveInfinity)
                {
                    throw new AtomProNetException(ErrorKind.InvalidData, "LatticeSingular", "The lattice vectors span no volume that could be scaled.", source, scaleLine, rows.ToString(), "Give three vectors that are linearly independent.");
                }

                s = new(factor, factor, factor);
            }

            scaled = s != new Vector3D(1, 1, 1);
            if (scaled)
            {
                rows = new(Times(rows.Row1, s), Times(rows.Row2, s), Times(rows.Row3, s));
            }

            return s;

            static Vector3D Times(Vector3D v, Vector3D s) => new(v.X * s.X, v.Y * s.Y, v.Z * s.Z);
        }

        private (List<Element>? Named, int[] Counts) ReadSpecies()
        {
            ReadOnlySpan<byte> line = Line("the symbols of the elements");
            List<Element>? named = null;
            var fields = new Utf8Fields(line);
            if (fields.TryRead(out ReadOnlySpan<byte> first) && (first[0] | 0x20) is >= 'a' and <= 'z')
            {
                named = [];
                fields = new Utf8Fields(line);
                while (fields.TryRead(out ReadOnlySpan<byte> label) && label[0] is not ((byte)'!' or (byte)'#'))
                {
                    named.Add(SpeciesLabel.TryParse(label, out Element? element)
                        ? element
                        : throw Error("PoscarElementUnknown", "The line of symbols names something that is no element.", label, "Symbols are written as in the periodic table, such as Al, O or Al_pv."));
                }

                line = Line("the numbers of atoms");
            }

            var counts = new List<int>();
            fields = new Utf8Fields(line);
            while (fields.TryRead(out ReadOnlySpan<byte> field) && field[0] is not ((byte)'!' or (byte)'#'))
            {
                counts.Add(Utf8Number.TryParseInteger(field, out long count) && count is >= 0 and <= int.MaxValue
                    ? (int)count
                    : throw Error("PoscarAtomCount", "The numbers of atoms must be whole numbers.", field, "Line 6 holds the symbols and line 7 the numbers; in files of VASP 4 line 6 holds the numbers."));
            }

            if (counts.Count == 0)
            {
                throw Error("PoscarAtomCount", "The line with the numbers of atoms is empty.", line, "It holds one number for each symbol.");
            }

            if (named is not null && named.Count != counts.Count)
            {
                throw Error("PoscarSpeciesCount", FormattableString.Invariant($"There are {named.Count} symbols but {counts.Count} numbers of atoms."), line, "Give one number for each symbol.");
            }

            return (named, [.. counts]);
        }

        private readonly int Total(int[] counts)
        {
            long total = 0;
            foreach (int count in counts)
            {
                total += count;
            }

            // The shortest row, '0 0 0' and its end, takes six bytes: a damaged number must not take all memory.
            if (total == 0 || total > lines.RemainingBytes / 6 + 1)
            {
                throw new AtomProNetException(ErrorKind.InvalidData, "PoscarAtomCount", FormattableString.Invariant($"The file cannot hold the {total} atoms that it announces."), source, lines.LineNumber, remedy: "The file is cut, or the numbers of atoms are wrong.");
            }

            return (int)total;
        }

        /// <summary>As VASP does: c, C, k and K mean Cartesian, every other word Direct.</summary>
        private readonly bool ReadMode(ReadOnlySpan<byte> mode)
        {
            if (mode.IsEmpty || (mode[0] | 0x20) is not (>= (byte)'a' and <= (byte)'z'))
            {
                throw Error("PoscarCoordinateMode", "Before the positions there must be a line 'Direct' or 'Cartesian'.", mode, "Check that the numbers of atoms stand on one line, and add the missing line.");
            }

            return (mode[0] | 0x20) is 'c' or 'k';
        }

        private void ReadRow(int index, int total, Vector3D[] positions, bool[]? free, ref PoscarRowLabels labels)
        {
            if (!lines.TryRead(out ReadOnlySpan<byte> line))
            {
                throw Cut(FormattableString.Invariant($"The file ends after {index} of {total} atoms."));
            }

            var fields = new Utf8Fields(line);
            if (!fields.TryReadVector(out positions[index]))
            {
                throw Error("PoscarPosition", FormattableString.Invariant($"The position of atom {index + 1} of {total} must be three numbers."), line, "The file is damaged, or the numbers of atoms do not fit its rows.");
            }

            CheckLastNumber(line, fields.Rest, atEnd: index == total - 1 && free is null);
            if (free is not null)
            {
                for (int k = 0; k < 3; k++)
                {
                    if (!fields.TryRead(out ReadOnlySpan<byte> flag) || !TryReadLogical(flag, out free[index * 3 + k]))
                    {
                        throw Error("PoscarSelectiveDynamics", FormattableString.Invariant($"With selective dynamics, three of T or F must stand behind the position of atom {index + 1}."), line, "Add the flags, or take the line 'Selective dynamics' out.");
                    }
                }
            }

            if (fields.TryRead(out ReadOnlySpan<byte> label) && label[0] is not ((byte)'!' or (byte)'#'))
            {
                labels.Add(index, label);
            }
        }

        /// <summary>Velocities follow a blank line or one that names their unit; VASP 6 writes the cell's own velocities before them.</summary>
        private double[]? ReadVelocities(int total)
        {
            if (!lines.TryRead(out ReadOnlySpan<byte> header))
            {
                return null;
            }

            ReadOnlySpan<byte> word = header.TrimStart(" \t"u8);
            if (word.Length > 0 && (word[0] | 0x20) == 'l')
            {
                // 'Lattice velocities and vectors': a number, three velocities, three vectors.
                for (int i = 0; i < 7; i++)
                {
                    Line("the velocities of the lattice");
                }

                if (!lines.TryRead(out header))
                {
                    return null;
                }

                word = header.TrimStart(" \t"u8);
            }

            if (word.Length > 0 && (word[0] | 0x20) is not (>= (byte)'a' and <= (byte)'z'))
            {
                throw Error("PoscarRowCount", "There are more rows than the numbers of atoms announce.", header, "Correct the numbers of atoms; velocities are set apart by a blank line.");
            }

            ReadOnlySpan<byte> line;
            do
            {
                if (!lines.TryRead(out line))
                {
                    return null;
                }
            }
            while (Utf8Fields.IsBlankLine(line));

            if (word.Length > 0 && (word[0] | 0x20) is not ('c' or 'k'))
            {
                Tell("PoscarVelocitiesDirect", "The velocities are in lattice vectors per time step, and the file does not tell the time step: they are left out.", "Give them in Å/fs after a line 'Cartesian'.");
                return null;
            }

            var velocities = new double[total * 3];
            largestDecimals = 0;
            bool isUndefined = false;
            for (int i = 0; ; i++)
            {
                var fields = new Utf8Fields(line);
                if (IsUndefined(line))
                {
                    isUndefined = true;
                }
                else if (!fields.TryReadVector(out Vector3D v))
                {
                    throw Error("PoscarVelocity", FormattableString.Invariant($"The velocity of atom {i + 1} of {total} must be three numbers."), line, "Complete the velocities, or take them out.");
                }
                else
                {
                    CheckLastNumber(line, fields.Rest, atEnd: i == total - 1);
                    velocities[i * 3] = v.X;
                    velocities[i * 3 + 1] = v.Y;
                    velocities[i * 3 + 2] = v.Z;
                }

                if (i == total - 1)
                {
                    if (isUndefined)
                    {
                        Tell("PoscarVelocitiesUndefined", "The velocities are no numbers (NaN): they are left out.", "A relaxation without a time step (POTIM = 0) writes them; for molecular dynamics give new ones.");
                    }

                    return isUndefined ? null : velocities;
                }

                if (!lines.TryRead(out line))
                {
                    throw Cut(FormattableString.Invariant($"The file ends after {i + 1} of {total} velocities."));
                }
            }
        }

        /// <summary>VASP divides by the time step where there is none.</summary>
        private static bool IsUndefined(ReadOnlySpan<byte> line)
        {
            var fields = new Utf8Fields(line);
            int count = 0;
            while (fields.TryRead(out ReadOnlySpan<byte> field))
            {
                if (!field.SequenceEqual("NaN"u8))
                {
                    return false;
                }

                count++;
            }

            return count == 3;
        }

        /// <summary>The last number of a file without a final line end may have lost digits.</summary>
        private void CheckLastNumber(ReadOnlySpan<byte> line, ReadOnlySpan<byte> rest, bool atEnd)
        {
            ReadOnlySpan<byte> last = default;
            var fields = new Utf8Fields(line[..(line.Length - rest.Length)]);
            while (fields.TryRead(out ReadOnlySpan<byte> field))
            {
                if (!last.IsEmpty)
                {
                    largestDecimals = Math.Max(largestDecimals, CutNumber.CountDecimals(last));
                }

                last = field;
            }

            if (atEnd && !lines.LineIsTerminated && rest.IsEmpty && CutNumber.IsSuspected(last, largestDecimals))
            {
                throw Cut("The file ends in the middle of its last number.");
            }

            largestDecimals = Math.Max(largestDecimals, CutNumber.CountDecimals(last));
        }

        /// <summary>A logical as Fortran reads it: T, F, .TRUE., .FALSE. in any case; the letter after an optional point decides.</summary>
        private static bool TryReadLogical(ReadOnlySpan<byte> field, out bool value)
        {
            ReadOnlySpan<byte> letter = field[0] == '.' ? field[1..] : field;
            value = letter.Length > 0 && (letter[0] | 0x20) == 't';
            return letter.Length > 0 && (letter[0] | 0x20) is 't' or 'f';
        }

        private ReadOnlySpan<byte> Line(string what) =>
            lines.TryRead(out ReadOnlySpan<byte> line) ? line : throw Cut($"The file ends before {what}.");

        private readonly AtomProNetException Cut(string problem) =>
            new(ErrorKind.InvalidData, "PoscarTruncated", problem, source, lines.LineNumber, remedy: "The file is cut; write or fetch it again.");

        private readonly AtomProNetException Error(string id, string problem, ReadOnlySpan<byte> value, string remedy) =>
            new(ErrorKind.InvalidData, id, problem, source, lines.LineNumber, Utf8Fields.ToText(value), remedy);

        private readonly void Tell(string code, string message, string advice) =>
            options.Report?.Invoke(new Finding(FindingSeverity.Warning, code, message, source, advice));
    }
}
