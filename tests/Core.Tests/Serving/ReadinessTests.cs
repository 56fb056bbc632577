using Platform.Core.Serving;
using static Platform.Core.Tests.Serving.ServingSamples;

namespace Platform.Core.Tests.Serving;

public sealed class ReadinessTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static readonly TheoryData<string, WorkerLease[], int, ReadinessVerdict, string> Cases = new()
    {
        { "nobody runs", [], 1, ReadinessVerdict.Waiting, "none is running" },
        { "nobody runs for too long", [], 61, ReadinessVerdict.Failed, "Not ready after 60 s" },
        { "at the very limit", [], 60, ReadinessVerdict.Waiting, "none is running" },
        { "not begun", [Worker("a")], 1, ReadinessVerdict.Waiting, "a" },
        { "loading", [Worker("a", false, Loaded(LoadState.Loading))], 1, ReadinessVerdict.Waiting, "a" },
        { "ready", [Worker("a", false, Loaded(LoadState.Ready))], 1, ReadinessVerdict.Ready, "1 worker" },
        { "ready, though late", [Worker("a", false, Loaded(LoadState.Ready))], 61, ReadinessVerdict.Ready, "1 worker" },
        { "one of two", [Worker("a", false, Loaded(LoadState.Ready)), Worker("b")], 1, ReadinessVerdict.Waiting, "b" },
        { "one of two for too long", [Worker("a", false, Loaded(LoadState.Ready)), Worker("b")], 61, ReadinessVerdict.Failed, "b" },
        { "cannot load", [Worker("a", false, Loaded(LoadState.Failed, reason: "bad node"))], 1, ReadinessVerdict.Failed, "bad node" },
        { "one cannot", [Worker("a", false, Loaded(LoadState.Ready)), Worker("b", false, Loaded(LoadState.Failed))], 1, ReadinessVerdict.Failed, "b" },
        { "other bytes", [Worker("a", false, Loaded(LoadState.Ready, sha256: "bb"))], 1, ReadinessVerdict.Waiting, "a" },
        { "other version failed", [Worker("a", false, Loaded(LoadState.Failed, version: "2.0.0"))], 1, ReadinessVerdict.Waiting, "a" },
        { "other model ready", [Worker("a", false, Loaded(LoadState.Ready, model: "n"))], 1, ReadinessVerdict.Waiting, "a" },
        { "only a draining one", [Worker("a", true, Loaded(LoadState.Ready))], 1, ReadinessVerdict.Waiting, "none is running" },
        { "a draining one beside", [Worker("a", true), Worker("b", false, Loaded(LoadState.Ready))], 1, ReadinessVerdict.Ready, "1 worker" },
    };

    [Theory, MemberData(nameof(Cases), DisableDiscoveryEnumeration = true)]
    public void Judge_OfWorkers_IsTheVerdictWithItsReason(string name, WorkerLease[] workers, int ageSeconds, ReadinessVerdict verdict, string says)
    {
        var readiness = Readiness.Judge("m", Placed("1.0.0"), workers, TimeSpan.FromSeconds(ageSeconds), Limit);

        Assert.True(verdict == readiness.Verdict, $"{name}: {readiness}");
        Assert.Contains(says, readiness.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Judge_WithFewerReplicasThanWorkers_AsksOnlyTheChosenOnes()
    {
        string[] ids = ["a", "b", "c"];
        var chosen = Placement.Choose("m", "1.0.0", 1, ids);
        var workers = ids.Select(id => Worker(id, false, chosen.Contains(id) ? [Loaded(LoadState.Ready)] : [Loaded(LoadState.Failed)]));

        Assert.Equal(ReadinessVerdict.Ready, Readiness.Judge("m", Placed("1.0.0", 1), workers, TimeSpan.Zero, Limit).Verdict);
    }
}
