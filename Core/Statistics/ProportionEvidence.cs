namespace Platform.Core.Statistics;

/// <summary>
/// What may be said of two shares at any time: the blocks of <see cref="ProportionSequence"/> with most of alpha, and, for
/// outcomes that came in an order that leaves no blocks, such as arm by arm, the totals of <see cref="ProportionMixture"/>
/// with the rest of it.
/// </summary>
/// <param name="Totals">All that came so far, what waits for its block included.</param>
public sealed record ProportionEvidence(ProportionSequence Sequence, ProportionBlock Totals)
{
    private const double SequenceShare = 0.9;

    /// <summary>p against "no difference".</summary>
    public double PValue => Math.Min(1, Math.Min(Sequence.PValue / SequenceShare, Math.Exp(-OfTotals(0)) / (1 - SequenceShare)));

    /// <summary>The differences that are not ruled out; null while an arm has no outcome.</summary>
    public Interval? Interval(double alpha)
    {
        if (Totals.FirstCount == 0 || Totals.SecondCount == 0) return null;
        var estimate = (double)Totals.SecondEvents / Totals.SecondCount - (double)Totals.FirstEvents / Totals.FirstCount;
        var (blocks, totals) = (-Math.Log(SequenceShare * alpha), -Math.Log((1 - SequenceShare) * alpha));
        return NearestShares.NotRuledOut(estimate, Sequence.HighestLogEvidence, blocks)
            .NarrowedBy(NearestShares.NotRuledOut(estimate, OfTotals, totals));
    }

    private double OfTotals(double difference) =>
        ProportionMixture.LogEvidence(Totals.FirstCount, Totals.FirstEvents, Totals.SecondCount, Totals.SecondEvents, difference);
}
