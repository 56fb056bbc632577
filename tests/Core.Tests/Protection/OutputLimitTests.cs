using Platform.Core.Protection;

namespace Platform.Core.Tests.Protection;

public sealed class OutputLimitTests
{
    [Theory]
    [InlineData(null, new[] { "inference" }, true)]
    [InlineData(null, new[] { "inference", "viewer", "operator" }, false)]
    [InlineData(null, new string[0], false)]
    [InlineData("viewer", new[] { "inference" }, false)]
    [InlineData("viewer", new[] { "viewer" }, true)]
    public void For_CallersWithNoOtherRoles_IsALimit(string? restricted, string[] roles, bool isLimited) =>
        Assert.Equal(isLimited, OutputLimit.For(new(restricted is null ? null : [restricted], Digits: 2), roles) is not null);

    [Fact]
    public void Reduce_TopKAndDigits_LeavesTheHighestRounded() =>
        Assert.Equal([0, 0.66, 0.2, 0], new OutputLimit(2, 2).Reduce([0.1, 0.6571, 0.2, 0.0429]));

    [Theory]
    [InlineData(3, null)]
    [InlineData(null, 1)]
    [InlineData(0, 5)]
    public void Parse_OfWhatWasWritten_IsTheSame(int? digits, int? topK) =>
        Assert.Equal(new OutputLimit(digits, topK), OutputLimit.Parse(new OutputLimit(digits, topK).ToString()));

    [Fact]
    public void Parse_OfAnythingElse_IsNoLimit() => Assert.All(new[] { null, "", "3", "a;b;c" }, text => Assert.Null(OutputLimit.Parse(text)));
}
