using System.Runtime.InteropServices;
using AtomProNet.Structures;
using AtomProNet.Text;

namespace AtomProNet.Formats.ExtendedXyz;

/// <summary>The columns of the atom lines of one frame, checked before the first byte is written.</summary>
internal sealed class WrittenColumns
{
    private readonly Frame frame;
    private readonly List<SiteProperty> further = [];
    private readonly Structure structure;

    /// <summary>Gathers and checks the columns.</summary>
    /// <exception cref="AtomProNetException">A column cannot be written, or would be read back as something else.</exception>
    public WrittenColumns(Frame frame, LabelKeys keys)
    {
        this.frame = frame;
        structure = frame.Structure;
        Properties = "species:S:1:pos:R:3";
        if (frame.Forces is not null)
        {
            Properties += $":{keys.Forces}:R:3";
        }

        if (frame.MagneticMoments is { } moments)
        {
            Add("magmoms", SiteProperty.Real(1, moments));
        }
        else if (frame.MagneticMomentVectors is { } vectors)
        {
            Add("magmoms", SiteProperty.Real(3, [.. MemoryMarshal.Cast<Vector3D, double>(vectors.AsSpan())]));
        }

        if (frame.Charges is { } charges)
        {
            Add("charges", SiteProperty.Real(1, charges));
        }

        foreach ((string name, SiteProperty column) in structure.SiteProperties)
        {
            Check(name, column, keys);
            bool isMoment = name == SiteColumns.MagneticMoment && column.Kind == SitePropertyKind.Real && !structure.SiteProperties.ContainsKey(SiteColumns.InitialMoments);
            Add(isMoment ? SiteColumns.InitialMoments : name, column);
        }
    }

    /// <summary>The value of <c>Properties</c>.</summary>
    public string Properties { get; private set; }

    /// <summary>Writes the atom lines.</summary>
    public void WriteRows(Utf8Output output)
    {
        ReadOnlySpan<double> positions = MemoryMarshal.Cast<Vector3D, double>(structure.CartesianPositions.AsSpan());
        ReadOnlySpan<double> forces = frame.Forces is { } given ? MemoryMarshal.Cast<Vector3D, double>(given.AsSpan()) : default;
        ReadOnlySpan<Element> species = structure.Species.AsSpan();
        for (int i = 0; i < species.Length; i++)
        {
            output.WriteSymbol(species[i].Symbol);
            output.WriteColumns(positions.Slice(i * 3, 3));
            if (!forces.IsEmpty)
            {
                output.WriteColumns(forces.Slice(i * 3, 3));
            }

            foreach (SiteProperty column in further)
            {
                WriteFurther(output, column, i);
            }

            output.Write((byte)'\n');
        }
    }

    private static void WriteFurther(Utf8Output output, SiteProperty column, int site)
    {
        for (int k = site * column.Width; k < (site + 1) * column.Width; k++)
        {
            output.Write((byte)' ');
            switch (column.Kind)
            {
                case SitePropertyKind.Real:
                    output.Write(column.Reals[k]);
                    break;
                case SitePropertyKind.Integer:
                    output.Write(column.Integers[k]);
                    break;
                case SitePropertyKind.Logical:
                    output.Write(column.Logicals[k] ? (byte)'T' : (byte)'F');
                    break;
                default:
                    output.Write(column.Texts[k]);
                    break;
            }
        }
    }

    private void Add(string name, SiteProperty column)
    {
        char type = column.Kind switch
        {
            SitePropertyKind.Real => 'R',
            SitePropertyKind.Integer => 'I',
            SitePropertyKind.Logical => 'L',
            _ => 'S',
        };
        Properties += FormattableString.Invariant($":{name}:{type}:{column.Width}");
        further.Add(column);
    }

    private void Check(string name, SiteProperty column, LabelKeys keys)
    {
        if (name.Contains(':') || ValueWriter.WhyNoWord(name) is not null)
        {
            throw new AtomProNetException(ErrorKind.NotSupported, "ExtendedXyzColumnName", "The name of a site property must be a word without colons to become a column of extended XYZ.", value: name, remedy: "Rename the site property.");
        }

        bool reserved = name is "species" or "pos" or "Z" || name == keys.Forces
            || (column.Kind == SitePropertyKind.Real && (name, column.Width) is ("magmoms", 1 or 3) or ("charges", 1))
            || (column.Kind == SitePropertyKind.Real && name == "charge" && column.Width == 1 && frame.Charges is null);
        if (reserved)
        {
            throw new AtomProNetException(ErrorKind.NotSupported, "ExtendedXyzNameTaken", $"The site property '{name}' has the name of a label, and would be read back as one.", value: name, remedy: "Rename the site property, or set the label of the frame.");
        }

        if (column.Kind == SitePropertyKind.Text)
        {
            foreach (string text in column.Texts)
            {
                if (text is null || ValueWriter.WhyNoWord(text) is not null)
                {
                    throw new AtomProNetException(ErrorKind.NotSupported, "ExtendedXyzWord", $"The site property '{name}' holds {(text is null ? "nothing" : ValueWriter.WhyNoWord(text))}, but a column of extended XYZ holds words.", value: text, remedy: "Replace the text, or take the site property off.");
                }
            }
        }
    }
}
