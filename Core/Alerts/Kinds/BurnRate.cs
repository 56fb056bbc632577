using System.Collections.Immutable;
using Platform.Core.Alerts.Machine;

namespace Platform.Core.Alerts.Kinds;

/// <param name="Factor">How many times faster than allowed the budget of errors is spent.</param>
public sealed record BurnWindows(double Factor, TimeSpan LongWindow, TimeSpan ShortWindow);

/// <summary>How many requests there were in some time, and in how many of them the service failed its client.</summary>
public readonly record struct BadEvents(long Bad, long Total);

public enum BurnReason
{
    /// <summary>No pair of windows spends faster than it may.</summary>
    WithinBudget,

    /// <summary>Both windows of a pair do.</summary>
    Burning,

    /// <summary>The long window does, on fewer errors than chance or the floor would explain.</summary>
    TooFewBadEvents,

    /// <summary>The long window does, and there was no request in the short one.</summary>
    ShortWindowEmpty,

    /// <summary>There was no request at all.</summary>
    NoRequests,
}

/// <param name="Burn">Of the pair that decided: the long window's burn rate.</param>
public sealed record BurnJudgement(SeriesVerdict Verdict, BurnReason Reason, double? Burn, BurnWindows? Windows);

/// <summary>
/// The error budget's burn rate over pairs of windows: the long one says that it matters, the short one that it still
/// goes on. At low traffic a single error is a high rate; so the errors must be at least a number, and more than
/// chance explains when the service just keeps its objective.
/// </summary>
public static class BurnRate
{
    /// <summary>Chance that a service which just keeps its objective has so many errors in one long window, at most.</summary>
    private const double ChanceMax = 1e-4;

    /// <summary>2% of a month's budget in an hour, 5% in six, 10% in a day, 10% in three.</summary>
    public static ImmutableArray<BurnWindows> Pairs { get; } =
    [
        new(14.4, TimeSpan.FromHours(1), TimeSpan.FromMinutes(5)),
        new(6, TimeSpan.FromHours(6), TimeSpan.FromMinutes(30)),
        new(3, TimeSpan.FromDays(1), TimeSpan.FromHours(2)),
        new(1, TimeSpan.FromDays(3), TimeSpan.FromHours(6)),
    ];

    public static BurnJudgement Judge(double objective, int minBadEvents, Func<TimeSpan, BadEvents> events)
    {
        var judged = Pairs.Select(pair => Judge(pair, 1 - objective, minBadEvents, events)).ToArray();
        return judged.FirstOrDefault(of => of.Verdict is SeriesVerdict.Breaching)
            ?? judged.FirstOrDefault(of => of.Reason is BurnReason.ShortWindowEmpty)
            ?? judged.FirstOrDefault(of => of.Reason is BurnReason.TooFewBadEvents)
            ?? judged.FirstOrDefault(of => of.Reason is BurnReason.WithinBudget)
            ?? judged[0];
    }

    private static BurnJudgement Judge(BurnWindows pair, double budget, int minBadEvents, Func<TimeSpan, BadEvents> events)
    {
        var (longer, shorter) = (events(pair.LongWindow), events(pair.ShortWindow));
        if (Burn(longer, budget) is not { } burn) return new(SeriesVerdict.Missing, BurnReason.NoRequests, null, pair);
        if (burn < pair.Factor) return new(SeriesVerdict.Clear, BurnReason.WithinBudget, burn, pair);
        if (longer.Bad < minBadEvents || IsExplainedByChance(longer.Bad, longer.Total * budget))
            return new(SeriesVerdict.Clear, BurnReason.TooFewBadEvents, burn, pair);
        if (Burn(shorter, budget) is not { } recent) return new(SeriesVerdict.Missing, BurnReason.ShortWindowEmpty, burn, pair);
        return recent < pair.Factor
            ? new(SeriesVerdict.Clear, BurnReason.WithinBudget, burn, pair)
            : new(SeriesVerdict.Breaching, BurnReason.Burning, burn, pair);
    }

    private static double? Burn(BadEvents events, double budget) => events.Total == 0 ? null : (double)events.Bad / events.Total / budget;

    /// <summary>Chernoff's bound on a Poisson count's upper tail: P(X ≥ k) ≤ exp(-(k ln(k/m) - k + m)) for k above the mean m.</summary>
    private static bool IsExplainedByChance(long bad, double expected) =>
        bad <= expected || bad * Math.Log(bad / expected) - bad + expected < -Math.Log(ChanceMax);
}
