using Platform.Core.Limits;

namespace Platform.Core.Tests.Limits;

public sealed class LimitRulesTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    public static TheoryData<string?, LimitPolicy> Policies => new()
    {
        { null, new(new(10, Minute), null, null) },
        { null, new(null, new(1e12, TimeSpan.FromDays(1), 1), new(0.5, TimeSpan.FromSeconds(1), 10)) },
        { "requests", new(null, null, null) },
        { "requests.limit", new(new(0, Minute), null, null) },
        { "requests.limit", new(new(double.NaN, Minute), null, null) },
        { "requests.burst", new(new(1, Minute, 0.5), null, null) },
        { "requests.window", new(new(1, TimeSpan.Zero), null, null) },
        { "bytes.limit", new(null, new(1e16, Minute), null) },
        { "bytes.window", new(null, new(1, TimeSpan.FromDays(2)), null) },
        { "compute_seconds.limit", new(null, null, new(-1, Minute)) },
        { "compute_seconds.burst", new(null, null, new(1, Minute, double.PositiveInfinity)) },
    };

    [Theory]
    [MemberData(nameof(Policies))]
    public void Policy_IsRefusedByTheFieldAtFault(string? field, LimitPolicy policy) => Assert.Equal(field, LimitRules.Refuse(policy)?.Field);

    [Fact]
    public void Subject_TellsCallersFromModels()
    {
        Assert.Equal(("k-1", null), (LimitSubject.CallerOf(LimitSubject.OfCaller("k-1")), LimitSubject.ModelOf(LimitSubject.OfCaller("k-1"))));
        Assert.Equal((null, "digits"), (LimitSubject.CallerOf(LimitSubject.OfModel("digits")), LimitSubject.ModelOf(LimitSubject.OfModel("digits"))));
    }
}
