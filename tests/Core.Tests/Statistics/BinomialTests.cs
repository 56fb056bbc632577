using Platform.Core.Statistics;

namespace Platform.Core.Tests.Statistics;

public sealed class BinomialTests
{
    [Theory]
    [InlineData(0, 10, 0.5, 0.0009765625)]
    [InlineData(5, 10, 0.5, 0.623046875)]
    [InlineData(10, 10, 0.5, 1)]
    [InlineData(-1, 10, 0.5, 0)]
    public void AtMost_OfReferenceValues_IsExact(long hits, long trials, double chance, double expected) =>
        Close.Assert(expected, Binomial.AtMost(hits, trials, chance), 1e-9);

    [Fact]
    public void Tails_AddUpToOneMoreThanWhatTheyShare()
    {
        // P(X = k) by its recursion, from (1-p)^n on.
        const int Trials = 60;
        const double Chance = 0.3;
        var probability = Math.Pow(1 - Chance, Trials);
        for (var hits = 0; hits <= Trials; hits++)
        {
            Close.Assert(1 + probability, Binomial.AtMost(hits, Trials, Chance) + Binomial.AtLeast(hits, Trials, Chance), 1e-9);
            probability *= (Trials - hits) / (hits + 1.0) * Chance / (1 - Chance);
        }
    }
}
