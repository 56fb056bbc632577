using System.Text.Json;
using CsCheck;
using Platform.Core.Results;

namespace Platform.Core.Tests.Results;

public sealed class OutcomeTests
{
    [Fact]
    public void Succeeded_OfAValue_GivesItAndNoRefusal()
    {
        Outcome<string> outcome = "yes";

        Assert.True(outcome.Succeeded(out var value, out var refusal));
        Assert.Equal("yes", value);
        Assert.Null(refusal);
    }

    [Fact]
    public void Succeeded_OfARefusal_GivesItAndNoValue()
    {
        Outcome<string> outcome = Refusal.Conflict("no");

        Assert.False(outcome.Succeeded(out var value, out var refusal));
        Assert.Null(value);
        Assert.Equal(Refusal.Conflict("no"), refusal);
    }

    [Fact]
    public void Json_OfAnyOutcome_ReadsBackTheSame() => Gen.Select(
            Gen.Bool, Gen.Enum<RefusalReason>(), Gen.String, Gen.String, Gen.Bool,
            (succeeds, reason, text, field, named) => succeeds ? (Outcome<string>)text : new Refusal(reason, text, named ? field : null))
        .Sample(outcome => JsonSerializer.Deserialize<Outcome<string>>(JsonSerializer.Serialize(outcome, PlatformJson.Options), PlatformJson.Options) == outcome);

    [Fact]
    public void Json_OfARefusal_NamesReasonDetailAndField() => Assert.Equal(
        """{"reason":"invalid","detail":"Give one.","field":"a.b"}""",
        JsonSerializer.Serialize(Refusal.Invalid("a.b", "Give one."), PlatformJson.Options));

    [Theory]
    [InlineData(RefusalReason.Invalid, "invalid"), InlineData(RefusalReason.NotFound, "not_found"), InlineData(RefusalReason.Conflict, "conflict")]
    [InlineData(RefusalReason.PreconditionFailed, "precondition_failed"), InlineData(RefusalReason.TooLarge, "too_large")]
    [InlineData(RefusalReason.CheckFailed, "check_failed"), InlineData(RefusalReason.LimitReached, "limit_reached")]
    [InlineData(RefusalReason.Unavailable, "unavailable")]
    public void Json_OfAReason_IsItsName(RefusalReason reason, string name) =>
        Assert.Equal($"\"{name}\"", JsonSerializer.Serialize(reason, PlatformJson.Options));
}
