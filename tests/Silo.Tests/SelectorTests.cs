using Platform.Core.Models;
using Platform.Core.Results;
using Platform.Core.Serving;

namespace Platform.Silo.Tests;

public sealed class SelectorTests(Cluster cluster)
{
    [Theory]
    [InlineData("1.0.0", "1.0.0")]
    [InlineData("1.2.0", "1.2.0+b7")]
    [InlineData("^1.0", "1.2.0+b7")]
    [InlineData(">=1.0 <2.0", "1.2.0+b7")]
    [InlineData("1.0.x", "1.0.0")]
    [InlineData("*", "2.0.0")]
    [InlineData("2.1.0-rc.1", "2.1.0-rc.1")]
    [InlineData("@best", "1.0.0")]
    public async Task Selector_MeansTheHighestMatch(string selector, string expected)
    {
        var (_, model) = await cluster.NewModelAsync();
        foreach (var version in (string[])["1.0.0", "1.2.0+b7", "2.0.0", "2.1.0-rc.1"])
            Assert.Null((await model.RegisterVersionAsync(version, Cluster.VersionMetadata, "ann")).Refusal);
        await model.SetTagAsync("best", "1.0.0", "ann");

        Assert.Equal(expected, (await model.GetVersionAsync(selector)).Value!.Version);
        Assert.Equal(expected, (await model.SetTagAsync("picked", selector, "ann")).Value!.Tags["picked"]);
    }

    [Theory]
    [InlineData("3.0.0", RefusalReason.NotFound)]
    [InlineData("^3", RefusalReason.NotFound)]
    [InlineData("@production", RefusalReason.NotFound)]
    [InlineData("@Bad Tag", RefusalReason.Invalid)]
    [InlineData("newest", RefusalReason.Invalid)]
    public async Task Selector_WithoutAMatch_IsRefusedByName(string selector, RefusalReason expected)
    {
        var (_, model) = await cluster.NewModelAsync();
        await model.RegisterVersionAsync("1.0.0", Cluster.VersionMetadata, "ann");

        Refusal[] refusals =
        [
            (await model.GetVersionAsync(selector)).Refusal!,
            (await model.MoveVersionAsync(selector, VersionStage.Rejected, "ann", "x")).Refusal!,
            (await model.BeginDeployAsync(selector, new DeploymentConfig(), "ann")).Refusal!,
            (await model.UndeployAsync(selector, "ann")).Refusal!,
        ];

        Assert.All(refusals, refusal => Assert.Equal(expected, refusal.Reason));
        Assert.All(refusals, refusal => Assert.Contains(selector, refusal.Detail, StringComparison.Ordinal));
        Assert.Equal("version", (await model.SetTagAsync("picked", selector, "ann")).Refusal!.Field);
    }

    [Theory]
    [InlineData("newest", RefusalReason.Invalid)]
    [InlineData("^3", RefusalReason.NotFound)]
    [InlineData("^1", RefusalReason.Conflict)]
    [InlineData("1.0.0", RefusalReason.Conflict)]
    public async Task RollBack_ToWhatNeverServed_IsRefused(string to, RefusalReason expected)
    {
        var (_, model) = await cluster.NewModelAsync();
        await model.RegisterVersionAsync("1.0.0", Cluster.VersionMetadata, "ann");

        Assert.Equal(expected, (await model.RollBackAsync(to, "It is slow.", force: false, "ann")).Refusal!.Reason);
    }
}
