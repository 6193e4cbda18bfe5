using AtomProNet.Structures;
using AtomProNet.Text;

namespace AtomProNet.QuantumEspresso.Outputs;

/// <summary>The magnetic moments of the sites, as numbers or as vectors.</summary>
internal sealed partial class PwOutputParser
{
    private void ReadSiteMoments()
    {
        if (step is null || run!.AtomCount is not { } count)
        {
            return;
        }

        var moments = new double[count];
        double[]? electrons = new double[count];
        for (int i = 0; i < count; i++)
        {
            // atom:    1    charge:    7.7600    magn:    1.1765 … (to 7.0), atom   1 (R=0.357)  charge=  7.7600  magn=  1.1765 (later)
            if (!reader.Read())
            {
                return;
            }

            ReadOnlySpan<byte> row = reader.Line;
            int at = row.IndexOf("magn"u8);
            ReadOnlySpan<byte> number = at < 0 || at + 5 > row.Length ? default : row[(at + 5)..];
            if (!row.TrimStart((byte)' ').StartsWith("atom"u8) || !FixedDecimals.TryTake(ref number, 4, out moments[i]))
            {
                reader.PushBack();
                return;
            }

            int charge = row.IndexOf("charge"u8);
            ReadOnlySpan<byte> count4 = charge < 0 ? default : row[(charge + 7)..];
            if (electrons is not null && !FixedDecimals.TryTake(ref count4, 4, out electrons[i]))
            {
                electrons = null;
            }
        }

        step.SiteMoments = (moments, electrons, step.Iteration);
    }

    private void ReadSiteMomentVectors()
    {
        reader.PushBack();
        if (step is null || run!.AtomCount is not { } count)
        {
            reader.Read();
            return;
        }

        var moments = new Vector3D[count];
        Span<double> xyz = stackalloc double[3];
        for (int i = 0; i < count; i++)
        {
            bool found = false;
            for (int lines = 0; lines < 14 && !found && reader.Read(); lines++)
            {
                ReadOnlySpan<byte> t = reader.Line.TrimStart((byte)' ');
                if (t.StartsWith("total cpu"u8) || t.StartsWith("End of self"u8) || t.StartsWith("iteration #"u8))
                {
                    reader.PushBack();
                    return;
                }

                if (t.StartsWith("magnetization :"u8))
                {
                    t = t["magnetization :"u8.Length..];
                    found = FixedDecimals.TryTake(ref t, 6, xyz);
                    moments[i] = new(xyz[0], xyz[1], xyz[2]);
                }
            }

            if (!found)
            {
                return;
            }
        }

        step.SiteMomentVectors = (moments, step.Iteration);
    }
}
