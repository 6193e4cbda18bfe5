using AtomProNet.Datasets;

namespace AtomProNet.Tests.Datasets;

/// <summary>Items are followed in their order, whether a thread was made for them or not, and what goes wrong comes out at the end.</summary>
public sealed class FollowerTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(1000)]
    public void EveryItemIsFollowedOnceInItsOrder(int count)
    {
        var done = new List<int>();
        using var follower = new Follower<int>(done.Add, _ => 1);
        for (int i = 0; i < count; i++)
        {
            follower.Add(i);
        }

        follower.Finish();
        Assert.Equal(Enumerable.Range(0, count), done);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(500)]
    public void WhatIsThrownComesOutAtTheEndAndNothingFollowsIt(int bad)
    {
        var done = new List<int>();
        using var follower = new Follower<int>(i =>
        {
            if (i == bad)
            {
                throw new InvalidDataException("bad");
            }

            done.Add(i);
        }, _ => 1);
        for (int i = 0; i < 1000; i++)
        {
            follower.Add(i);
        }

        Assert.Equal("bad", Assert.Throws<InvalidDataException>(follower.Finish).Message);
        Assert.Equal(Enumerable.Range(0, bad), done);
    }

    [Theory]
    [InlineData(1, 16, 400)]
    [InlineData(1_000_000, 1, 20)]
    public void WhoeverHandsOverWaitsWhereMuchIsLeft(int size, int least, int most)
    {
        using var go = new ManualResetEventSlim();
        int handed = 0, done = 0;
        using var follower = new Follower<int>(_ =>
        {
            go.Wait();
            Interlocked.Increment(ref done);
        }, _ => size);
        var hand = new Thread(() =>
        {
            for (int i = 0; i < 5000; i++)
            {
                follower.Add(i);
                Interlocked.Increment(ref handed);
            }
        });
        hand.Start();
        Assert.False(hand.Join(300));
        Assert.InRange(Volatile.Read(ref handed), least, most);
        go.Set();
        hand.Join();
        follower.Finish();
        Assert.Equal(5000, done);
    }

    [Fact]
    public void WhatIsLeftIsDroppedWithIt()
    {
        int done = 0;
        using var first = new ManualResetEventSlim();
        var follower = new Follower<int>(_ =>
        {
            Interlocked.Increment(ref done);
            first.Set();
            Thread.Sleep(20);
        }, _ => 1);
        for (int i = 0; i < 64; i++)
        {
            follower.Add(i);
        }

        first.Wait();
        follower.Dispose();
        Assert.InRange(done, 1, 60);
    }
}
