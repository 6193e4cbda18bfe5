using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AtomProNet.Evaluation;

/// <summary>
/// Four <see cref="CompensatedSum"/>s side by side for long arrays, without a branch (Knuth's TwoSum, The Art of Computer Programming 2,
/// 4.2.2). Always four, whatever the processor has: the same values give the same bits everywhere.
/// </summary>
internal struct WideCompensatedSum
{
    private Vector256<double> sum, lost;

    /// <summary>The sum so far.</summary>
    public readonly double Value
    {
        get
        {
            CompensatedSum total = default;
            for (int i = 0; i < Vector256<double>.Count; i++)
            {
                total.Add(sum[i]);
                total.Add(lost[i]);
            }

            return total.Value;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(Vector256<double> values)
    {
        Vector256<double> next = sum + values, virtually = next - sum;
        lost += (sum - (next - virtually)) + (values - virtually);
        sum = next;
    }
}
