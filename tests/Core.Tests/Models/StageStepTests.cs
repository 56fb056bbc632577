using System.Text.Json;
using Platform.Core.Models;

namespace Platform.Core.Tests.Models;

public sealed class StageStepTests
{
    [Fact]
    public void Json_OfAStepWithoutEvidence_IsWhatItWasBeforeThereWasAny()
    {
        const string Stored = """{"from":"created","to":"training","at":"2026-01-01T00:00:00+00:00","by":"ann","reason":"Why."}""";
        var step = JsonSerializer.Deserialize<StageStep>(Stored, PlatformJson.Options);

        Assert.Equal(new StageStep(VersionStage.Created, VersionStage.Training, Samples.Start, "ann", "Why."), step);
        Assert.Equal(Stored, JsonSerializer.Serialize(step, PlatformJson.Options));
    }

    [Fact]
    public void Json_OfAStepWithEvidence_ReadsBackTheSame()
    {
        var step = new StageStep(
            VersionStage.Validated, VersionStage.Staged, Samples.Start, "bob", "Good.", new(EvidenceKind.Approval, "approval-7"));
        var json = JsonSerializer.Serialize(step, PlatformJson.Options);

        Assert.Contains("\"evidence\":{\"kind\":\"approval\",\"reference\":\"approval-7\"}", json, StringComparison.Ordinal);
        Assert.Equal(step, JsonSerializer.Deserialize<StageStep>(json, PlatformJson.Options));
    }
}
