using CsCheck;
using Platform.Core.Limits;

namespace Platform.Core.Tests.Limits;

public sealed class TokenBucketTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 23, 6, 0, 0, TimeSpan.Zero);

    private static readonly Gen<Quota> Quotas =
        Gen.Select(Gen.Int[1, 1_000], Gen.Int[1, 3_600], Gen.Int[1, 2_000]).Select((limit, seconds, burst) => new Quota(limit, TimeSpan.FromSeconds(seconds), burst));

    private static readonly Gen<(int PauseMs, int Amount)[]> Calls = Gen.Select(Gen.Int[0, 5_000], Gen.Int[1, 20]).Array[1, 300];

    [Fact]
    public void Grants_InAnyTime_NeverExceedBurstAndRate() => Gen.Select(Quotas, Calls).Sample((quota, calls) =>
    {
        var (bucket, now, granted) = (TokenBucket.Full(quota, Start), Start, 0.0);
        foreach (var (pause, amount) in calls)
        {
            now += TimeSpan.FromMilliseconds(pause);
            if (bucket.TryTake(quota, amount, now, out bucket)) granted += amount;
            Assert.True(granted <= quota.Capacity + ((now - Start).TotalSeconds * quota.PerSecond) + 1e-6);
            Assert.InRange(bucket.Tokens, -1e-9, quota.Capacity);
        }
    });

    [Fact]
    public void CallerWhoWaitsAsTold_IsGranted() => Gen.Select(Quotas, Calls).Sample((quota, calls) =>
    {
        var (bucket, now) = (TokenBucket.Full(quota, Start), Start);
        foreach (var (pause, amount) in calls)
        {
            now += TimeSpan.FromMilliseconds(pause);
            var fitting = Math.Min(amount, quota.Capacity);
            if (bucket.TryTake(quota, fitting, now, out bucket)) continue;
            // A tick more, because a time is whole ticks.
            now += bucket.Until(quota, fitting, now) + TimeSpan.FromMicroseconds(1);
            Assert.True(bucket.TryTake(quota, fitting - 1e-6, now, out bucket));
        }
    });

    [Fact]
    public void Debt_IsWorkedOffBeforeAnythingIsGranted() => Gen.Select(Quotas, Gen.Int[1, 5_000]).Sample((quota, cost) =>
    {
        var bucket = TokenBucket.Full(quota, Start).Spend(quota, quota.Capacity + cost, Start);
        var wait = bucket.Until(quota, 0, Start);

        Assert.Equal(cost / quota.PerSecond, wait.TotalSeconds, 0.001);
        Assert.False(bucket.TryTake(quota, 0.5, Start + (wait / 2), out _));
    });

    [Fact]
    public void Clock_ThatGoesBack_BringsNothing() => Gen.Select(Quotas, Gen.Int[1, 100_000]).Sample((quota, ms) =>
    {
        Assert.True(TokenBucket.Full(quota, Start).TryTake(quota, 1, Start, out var bucket));
        Assert.Equal(bucket, bucket.Refill(quota, Start.AddMilliseconds(-ms)));
    });

    [Fact]
    public void Shares_OfAllParts_AreTheWhole() => Gen.Select(Quotas, Gen.Int[1, 20]).Sample((quota, parts) =>
    {
        Assert.Equal(quota.PerSecond, quota.Share(parts).PerSecond * parts, 1e-6);
        Assert.Equal(quota.Capacity, quota.Share(parts).Capacity * parts, 1e-6);
    });
}
