using System.Collections.Immutable;

namespace Platform.Core.Statistics;

/// <summary>What two arms brought since the block before.</summary>
public sealed record ProportionBlock(long FirstCount, long FirstEvents, long SecondCount, long SecondEvents);

/// <summary>
/// Two shares compared at any time, exactly: by the e-process of Turner, Ly and Grünwald ("Generic e-variables for exact
/// sequential k-sample tests"). In each block the likelihood of shares guessed before it is divided by that of the nearest
/// shares with the assumed difference. Under any such shares the expectation of that is at most 1, however few there are:
/// its logarithm is concave along the line of them and highest where the nearest ones are.
/// </summary>
/// <param name="Blocks">Oldest first. They grow with the counts, so that there are never more than a few hundred.</param>
public sealed record ProportionSequence(ImmutableArray<ProportionBlock> Blocks)
{
    /// <summary>A block closes once each arm has this share of its count so far in it, and at least one.</summary>
    private const double Growth = 0.05;

    /// <summary>The guess before the first block counts as this many of each outcome (Turner and others' choice).</summary>
    private const double Prior = 0.18;

    private readonly ProportionBlock totals = Blocks.Aggregate(new ProportionBlock(0, 0, 0, 0), Add);

    public static ProportionSequence Empty { get; } = new([]);

    /// <summary>
    /// Takes the counts so far. What is too little for a block waits; that goes by the numbers of trials alone, never by
    /// their outcomes, or looking would change the odds.
    /// </summary>
    public ProportionSequence Observe(long firstCount, long firstEvents, long secondCount, long secondEvents)
    {
        var before = totals;
        var next = new ProportionBlock(
            firstCount - before.FirstCount, firstEvents - before.FirstEvents,
            secondCount - before.SecondCount, secondEvents - before.SecondEvents);
        return next.FirstCount < Math.Max(1, Growth * before.FirstCount) || next.SecondCount < Math.Max(1, Growth * before.SecondCount)
            ? this
            : new(Blocks.Add(next));
    }

    /// <summary>p against "no difference": the smallest of all blocks' ends.</summary>
    public double PValue => Math.Min(1, Math.Exp(-HighestLogEvidence(0)));

    /// <summary>The highest that <see cref="LogEvidence"/> was at any block's end: what was ruled out once stays ruled out.</summary>
    public double HighestLogEvidence(double difference) => LogEvidences(difference).DefaultIfEmpty(0).Max();

    /// <summary>Logarithm of the evidence against a difference of <paramref name="difference"/>, second less first.</summary>
    public double LogEvidence(double difference) => LogEvidences(difference).LastOrDefault();

    private IEnumerable<double> LogEvidences(double difference)
    {
        var log = 0.0;
        var before = new ProportionBlock(0, 0, 0, 0);
        foreach (var block in Blocks)
        {
            log += LogFactor(before, block, difference);
            before = Add(before, block);
            yield return log;
        }
    }

    private static double LogFactor(ProportionBlock before, ProportionBlock block, double difference)
    {
        var (a, b) = (Guess(before.FirstEvents, before.FirstCount), Guess(before.SecondEvents, before.SecondCount));
        var nearest = NearestShares.Of(a, b, block.FirstCount, block.SecondCount, difference);
        return LogLikelihoodRatio(block.FirstEvents, block.FirstCount, a, nearest)
            + LogLikelihoodRatio(block.SecondEvents, block.SecondCount, b, nearest + difference);
    }

    private static double Guess(long events, long count) => (events + Prior) / (count + 2 * Prior);

    private static double LogLikelihoodRatio(long events, long count, double over, double under) =>
        (events == 0 ? 0 : events * Math.Log(over / under)) + (events == count ? 0 : (count - events) * Math.Log((1 - over) / (1 - under)));

    private static ProportionBlock Add(ProportionBlock a, ProportionBlock b) => new(
        a.FirstCount + b.FirstCount, a.FirstEvents + b.FirstEvents, a.SecondCount + b.SecondCount, a.SecondEvents + b.SecondEvents);
}
