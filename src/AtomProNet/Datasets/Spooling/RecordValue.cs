namespace AtomProNet.Datasets.Spooling;

/// <summary>The values that frames carry under names (double, long, int, bool, string, and arrays of one or two dimensions of them) as bytes.</summary>
internal static class RecordValue
{
    private static readonly Type[] Kinds = [typeof(double), typeof(long), typeof(int), typeof(bool), typeof(string)];

    /// <summary>Writes a value: its kind, its dimensions (none for a single one), its elements.</summary>
    /// <exception cref="NotSupportedException">The value is of a kind that no reader makes.</exception>
    public static void Write(BinaryWriter w, object value)
    {
        var array = value as Array;
        int kind = Array.IndexOf(Kinds, array is null ? value.GetType() : array.GetType().GetElementType());
        if (kind < 0 || array is { Rank: > 2 })
        {
            throw new NotSupportedException($"A frame carries a value of type {value.GetType()}, which cannot be kept.");
        }

        w.Write((byte)kind);
        w.Write((byte)(array?.Rank ?? 0));
        if (array is null)
        {
            Element(w, value);
            return;
        }

        for (int d = 0; d < array.Rank; d++)
        {
            w.Write(array.GetLength(d));
        }

        foreach (object element in array)
        {
            Element(w, element);
        }
    }

    /// <summary>Reads a value.</summary>
    public static object Read(BinaryReader r)
    {
        Type kind = Kinds[r.ReadByte()];
        byte rank = r.ReadByte();
        if (rank == 0)
        {
            return Element(r, kind);
        }

        int rows = r.ReadInt32(), columns = rank == 2 ? r.ReadInt32() : 1;
        Array array = rank == 1 ? Array.CreateInstance(kind, rows) : Array.CreateInstance(kind, rows, columns);
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                if (rank == 1)
                {
                    array.SetValue(Element(r, kind), i);
                }
                else
                {
                    array.SetValue(Element(r, kind), i, j);
                }
            }
        }

        return array;
    }

    private static void Element(BinaryWriter w, object value)
    {
        switch (value)
        {
            case double number:
                w.Write(number);
                break;
            case long number:
                w.Write(number);
                break;
            case int number:
                w.Write(number);
                break;
            case bool truth:
                w.Write(truth);
                break;
            default:
                w.Write((string)value);
                break;
        }
    }

    private static object Element(BinaryReader r, Type kind) =>
        kind == typeof(double) ? r.ReadDouble()
        : kind == typeof(long) ? r.ReadInt64()
        : kind == typeof(int) ? r.ReadInt32()
        : kind == typeof(bool) ? r.ReadBoolean()
        : r.ReadString();
}
