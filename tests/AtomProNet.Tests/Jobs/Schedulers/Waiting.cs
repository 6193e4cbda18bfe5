using System.Diagnostics;
using AtomProNet.Jobs.Schedulers;

namespace AtomProNet.Tests.Jobs.Schedulers;

/// <summary>Asks a batch system until it says what is waited for.</summary>
internal static class Waiting
{
    public static async Task<SchedulerAnswer> UntilAsync(Func<Task<SchedulerAnswer>> ask, Func<SchedulerAnswer, bool> condition)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            SchedulerAnswer answer = await ask();
            if (answer.IsKnown && condition(answer))
            {
                return answer;
            }

            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(120), $"It did not come to that: {answer.Problem} {string.Join("; ", answer.Jobs.Select(j => $"{j.Id} {j.Name} {j.RawState} {j.Reason}"))}");
            await Task.Delay(200);
        }
    }
}
