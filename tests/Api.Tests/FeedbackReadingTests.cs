using System.Text.Json;
using Platform.Api.Feedback;
using Platform.Core;

namespace Platform.Api.Tests;

public sealed class FeedbackReadingTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("""{"request_id":"r","label":3}""", new double[] { 3 })]
    [InlineData("""{"request_id":"r","label":[3,4]}""", new double[] { 3, 4 })]
    [InlineData("""{"request_id":"r","label":true}""", new double[] { 1 })]
    [InlineData("""{"request_id":"r","value":2.5}""", new[] { 2.5 })]
    public void Label_IsANumberOrSeveral(string item, double[] expected) =>
        Assert.Equal(expected, Read(item).Value![0].Labels!.Value.Select(label => label!.Value));

    [Fact]
    public void Label_ThatIsNotKnown_IsNull() => Assert.Equal([3, null], Read("""{"request_id":"r","label":[3,null]}""").Value![0].Labels!.Value);

    [Fact]
    public void Metric_HasItsValueAndNoLabel()
    {
        var item = Read("""{"request_id":"r","metric":"conversion","value":1,"label":null}""").Value![0];

        Assert.Equal(("conversion", 1.0, false), (item.Metric, item.Value, item.Labels.HasValue));
    }

    [Fact]
    public void Items_WithoutATime_BecameKnownInTheirOrder()
    {
        var items = Read("""{"request_id":"r","label":9}, {"request_id":"r","label":1}""").Value!;

        Assert.True(items[1].At > items[0].At);
    }

    [Theory]
    [InlineData("""{"label":3}""", "items[0].request_id")]
    [InlineData("""{"request_id":"r"}""", "items[0].label")]
    [InlineData("""{"request_id":"r","label":"cat"}""", "items[0].label")]
    [InlineData("""{"request_id":"r","label":[]}""", "items[0].label")]
    [InlineData("""{"request_id":"r","label":[[1]]}""", "items[0].label")]
    [InlineData("""{"request_id":"r","metric":"conversion"}""", "items[0].value")]
    [InlineData("""{"request_id":"r","label":3,"value":3}""", "items[0].value")]
    [InlineData("""{"request_id":"r","label":3},{"request_id":"r","label":3,"at":"2027-01-01T00:00:00Z"}""", "items[1].at")]
    [InlineData("null", "items[0]")]
    [InlineData("", "items")]
    public void Feedback_ThatCannotBe_IsRefusedByField(string items, string field) => Assert.Equal(field, Read(items).Refusal?.Field);

    private static Core.Results.Outcome<List<Core.Quality.FeedbackItem>> Read(string items) =>
        FeedbackReading.Read(JsonSerializer.Deserialize<FeedbackRequest>($$"""{"items":[{{items}}]}""", PlatformJson.Options)!, Now);
}
