using Platform.Core.Experiments;
using static Platform.Core.Tests.Experiments.ExperimentSamples;

namespace Platform.Core.Tests.Experiments;

public sealed class ExperimentStateTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly ExperimentCounts Even = Shares(100, 50, 100, 50);
    private readonly ExperimentState asked = ExperimentState.Begin("id", "m", Design(), null, "ann", Start);

    [Fact]
    public void Look_BeforeTrafficIsSplit_ChangesNothing() => Assert.Same(asked, asked.Look(Even, Start, 1_000));

    [Fact]
    public void Look_AtADecision_EndsItForGood()
    {
        var decided = asked.Start(Start).Look(Shares(51_000, 25_000, 49_000, 25_000), Start.AddMinutes(1), 1_000_000);

        Assert.Equal((ExperimentPhase.Decided, Start.AddMinutes(1)), (decided.Phase, decided.EndedAt));
        Assert.Same(decided, decided.Look(Even, Start.AddMinutes(2), 1_000_000));
        Assert.Same(decided, decided.Stop("bob", "late", Start));
        Assert.Same(decided, decided.Fail("late", Start));
        Assert.Same(decided, decided.Start(Start));
    }

    [Fact]
    public void Look_WithTheMostUnits_DoesNotGoOn() =>
        Assert.Equal(ExperimentReason.OutOfUnits, asked.Start(Start).Look(Even, Start.AddMinutes(1), 200).Results!.Verdict.Reason);

    [Fact]
    public void Stop_KeepsWhatItShowed()
    {
        var stopped = asked.Start(Start).Look(Even, Start.AddMinutes(1), 1_000).Stop("bob", "enough", Start.AddMinutes(2));

        Assert.Equal((ExperimentPhase.Stopped, ExperimentDecision.Inconclusive, 100), (stopped.Phase, stopped.Results!.Verdict.Decision, stopped.Results.Arms[0].Units));
        Assert.Contains("enough", stopped.Reason, StringComparison.Ordinal);
        Assert.Null(asked.Stop("bob", "enough", Start).Results);
    }

    [Fact]
    public void History_StaysShortHoweverLongItRuns()
    {
        var state = asked.Start(Start);
        for (var second = 1; second <= 20_000; second++) state = state.Look(Even, Start.AddSeconds(second), 1_000);

        var snapshots = state.History.Snapshots;
        Assert.InRange(snapshots.Length, ExperimentHistory.MaxSnapshots / 2, ExperimentHistory.MaxSnapshots);
        Assert.Equal(Start.AddSeconds(1), snapshots[0].At);
        Assert.True(Start.AddSeconds(20_000) - snapshots[^1].At < TimeSpan.FromSeconds(200));
        Assert.Equal(0, snapshots[^1].Effects.Single().Effect);
    }
}
