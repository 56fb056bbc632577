using Platform.Core.Quality;
using Platform.Core.Serving;

namespace Platform.Core.Tests.Quality;

public sealed class LabelRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly FeedbackItem Fine = new("r", [3], "spend", 2.5, Now);

    public static TheoryData<FeedbackItem, string?> Items => new()
    {
        { Fine, null },
        { Fine with { Labels = null }, null },
        { Fine with { Labels = [3, null] }, null },
        { Fine with { RequestId = "" }, "items[0].request_id" },
        { Fine with { RequestId = new string('x', 129) }, "items[0].request_id" },
        { Fine with { Metric = "Not a name" }, "items[0].metric" },
        { Fine with { Value = null }, "items[0].value" },
        { Fine with { Value = double.PositiveInfinity }, "items[0].value" },
        { Fine with { Labels = null, Metric = null, Value = null }, "items[0].label" },
        { Fine with { Labels = [] }, "items[0].label" },
        { Fine with { Labels = [1e101] }, "items[0].label" },
        { Fine with { At = Now + TimeSpan.FromMinutes(6) }, "items[0].at" },
    };

    [Theory]
    [MemberData(nameof(Items))]
    public void Feedback_ThatCannotBe_IsRefusedByField(FeedbackItem item, string? field) =>
        Assert.Equal(field, LabelRules.Refuse(item, "items[0]", Now)?.Field);

    [Theory]
    [InlineData(FeedbackKind.Argmax, 3.0, true)]
    [InlineData(FeedbackKind.Argmax, 3.5, false)]
    [InlineData(FeedbackKind.Threshold, -1.0, false)]
    [InlineData(FeedbackKind.Value, 3.5, true)]
    public void Label_FitsWhatWasPredicted(FeedbackKind kind, double label, bool fits) =>
        Assert.Equal(fits, LabelRules.Refuse(Fine with { Labels = [label] }, "items[0]", Answer(kind, 1)) is null);

    [Fact]
    public void Labels_AreAsManyAsItems()
    {
        Assert.Null(LabelRules.Refuse(Fine with { Labels = [1, null] }, "items[0]", Answer(FeedbackKind.Argmax, 2)));
        Assert.Equal("items[0].label", LabelRules.Refuse(Fine with { Labels = [1] }, "items[0]", Answer(FeedbackKind.Argmax, 2))?.Field);
        Assert.Null(LabelRules.Refuse(Fine with { Labels = null }, "items[0]", Answer(FeedbackKind.Argmax, 2)));
    }

    private static PredictedAnswer Answer(FeedbackKind kind, int items) => new(kind, [.. Enumerable.Repeat(new PredictedItem(1, null, true), items)], []);
}
