using AtomProNet.Structures;
using AtomProNet.Text;

namespace AtomProNet.Formats.ExtendedXyz;

/// <summary>Reads one frame after the other: the number of atoms, the second line, the atom lines.</summary>
internal sealed class FrameReader(StreamLines lines, string source, ExtendedXyzReadOptions options)
{
    // An element of one letter, three numbers of one digit and a line end.
    private const int ShortestAtomLine = 8;
    private const int FirstValues = 1 << 16;

    // The frames of a file share few methods: each is read once, and frames of one method share one object.
    private readonly MethodCache methods = new();
    private int framesRead;

    /// <summary>The next frame; null at the end of the file.</summary>
    public Frame? Read()
    {
        if (!lines.TryRead(out ReadOnlySpan<byte> line))
        {
            return framesRead > 0 ? null : throw new AtomProNetException(ErrorKind.InvalidData, "ExtendedXyzEmpty", "The file is empty.", source, remedy: "An XYZ file holds one frame at least.");
        }

        if (Utf8Fields.IsBlankLine(line))
        {
            ExpectEnd(lines.LineNumber);
            return null;
        }

        int atoms = ReadAtomCount(line);
        if (!lines.TryRead(out line))
        {
            throw Cut($"The file ends before the second line of frame {framesRead + 1}.");
        }

        if (!lines.LineIsTerminated)
        {
            // Without atoms it is the last line, and what is left of it may look whole.
            throw Cut($"The file ends within the second line of frame {framesRead + 1}.");
        }

        long commentLine = lines.LineNumber;
        ColumnTable table;
        FrameAssembler? assembler = null;
        string? remark = null;
        if (CommentLine.Mentions(line, "Properties"u8) || CommentLine.Mentions(line, "Lattice"u8))
        {
            assembler = new FrameAssembler(source, commentLine, framesRead + 1, options, methods);
            assembler.ReadComment(line);
            table = assembler.Properties is { } properties
                ? ColumnTable.Parse(properties, source, commentLine, assembler.IsForces)
                : ColumnTable.Plain(source, ignoreFurtherColumns: false);
        }
        else
        {
            remark = Utf8Fields.ToText(line).Trim(' ', '\t', '\r');
            table = ColumnTable.Plain(source, ignoreFurtherColumns: true);
        }

        ReadRows(table, atoms);
        framesRead++;
        assembler ??= FrameAssembler.ForPlain(source, commentLine, framesRead, remark!, options, methods);
        try
        {
            return assembler.Assemble(table, atoms);
        }
        catch (AtomProNetException e) when (e.File is null || e.Line is null)
        {
            throw new AtomProNetException(e.Kind, e.ErrorId, e.Problem, source, commentLine, e.Value, e.Remedy, e);
        }
    }

    private int ReadAtomCount(ReadOnlySpan<byte> line)
    {
        var fields = new Utf8Fields(line);
        if (!fields.TryRead(out ReadOnlySpan<byte> field) || !Utf8Number.TryParseInteger(field, out long atoms) || atoms is < 0 or > int.MaxValue || fields.TryRead(out _))
        {
            throw new AtomProNetException(ErrorKind.InvalidData, "ExtendedXyzAtomCount", $"Frame {framesRead + 1} must begin with the number of its atoms, alone on a line.", source, lines.LineNumber, Utf8Fields.ToText(line), framesRead == 0 ? "This is no XYZ file, or its first line is missing." : "The frame before has more lines than the number of its atoms, or the file is damaged.");
        }

        // A damaged number must not take all memory.
        if (lines.RemainingBytes is { } bytes && atoms > bytes / ShortestAtomLine + 1)
        {
            throw Cut(FormattableString.Invariant($"The file cannot hold the {atoms} atoms that frame {framesRead + 1} announces."));
        }

        return (int)atoms;
    }

    private void ReadRows(ColumnTable table, int atoms)
    {
        // Each value takes two bytes at least: damaged numbers of columns must not take all memory either.
        if (lines.RemainingBytes is { } bytes && (long)atoms * table.ValuesPerRow > bytes / 2 + table.ValuesPerRow)
        {
            throw Cut(FormattableString.Invariant($"The file cannot hold {atoms} atoms with {table.ValuesPerRow} columns each, which frame {framesRead + 1} announces."));
        }

        table.Resize(lines.RemainingBytes is null ? Math.Min(atoms, Math.Max(1, FirstValues / table.ValuesPerRow)) : atoms);
        for (int row = 0; row < atoms; row++)
        {
            if (!lines.TryRead(out ReadOnlySpan<byte> line))
            {
                throw Cut(FormattableString.Invariant($"The file ends after {row} of the {atoms} atoms of frame {framesRead + 1}."));
            }

            table.ReadRow(line, lines.FromLineOn, row, lines.LineNumber);
            if (row == atoms - 1 && !lines.LineIsTerminated && table.LastValueMayBeCut(line, row))
            {
                throw Cut("The last line has no end, and its last value may have lost digits.", "If the file is whole, add a line end to it; if not, write or fetch it again.");
            }
        }

        table.Resize(atoms);
    }

    private void ExpectEnd(long blankLine)
    {
        while (lines.TryRead(out ReadOnlySpan<byte> line))
        {
            if (!Utf8Fields.IsBlankLine(line))
            {
                throw new AtomProNetException(ErrorKind.InvalidData, "ExtendedXyzBlankLine", "A blank line stands where a frame should begin.", source, blankLine, remedy: "Blank lines are allowed only as the second line of plain XYZ and at the end of the file.");
            }
        }

        if (framesRead == 0)
        {
            throw new AtomProNetException(ErrorKind.InvalidData, "ExtendedXyzEmpty", "The file holds nothing but blank lines.", source, remedy: "An XYZ file holds one frame at least.");
        }
    }

    private AtomProNetException Cut(FormattableString problem) => Cut(FormattableString.Invariant(problem));

    private AtomProNetException Cut(string problem, string remedy = "The file is cut; the frames before this one are whole.") =>
        new(ErrorKind.InvalidData, "ExtendedXyzTruncated", problem, source, lines.LineNumber, remedy: remedy);
}
