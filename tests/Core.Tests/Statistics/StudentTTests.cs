using CsCheck;
using Platform.Core.Statistics;

namespace Platform.Core.Tests.Statistics;

public sealed class StudentTTests
{
    [Theory]
    [InlineData(1, .975, 12.706204736432095), InlineData(5, .975, 2.5705818366147395), InlineData(30, .995, 2.7499956535672260)]
    [InlineData(1, .999999, 318309.886183), InlineData(1e6, .975, 1.9599663535)]
    public void Quantile_MatchesTheTables(double degrees, double p, double expected) =>
        Close.Assert(expected, StudentT.Quantile(p, degrees), 1e-8);

    [Fact]
    public void Quantile_IsTheInverseOfTheCdf() => Gen.Select(Gen.Double[0.6, 5_000], Gen.Double[1e-6, 0.999999]).Sample(
        (degrees, p) => Close.Assert(p, StudentT.Cdf(StudentT.Quantile(p, degrees), degrees), 1e-9));

    [Theory]
    [InlineData(0.0), InlineData(1.0), InlineData(-1.0)]
    public void Quantile_OfWhatIsNoProbability_Throws(double p) => Assert.Throws<ArgumentOutOfRangeException>(() => StudentT.Quantile(p, 5));

    [Fact]
    public void NoncentralTail_WithoutAnEffect_IsTheLevel() => Gen.Double[1, 1e7].Sample(degrees =>
        Close.Assert(0.025, NoncentralT.UpperTail(StudentT.Quantile(0.975, degrees), degrees, 0), 1e-7));
}
