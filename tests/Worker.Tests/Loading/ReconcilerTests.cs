using Microsoft.Extensions.DependencyInjection;
using Platform.Core.Serving;
using Platform.Worker.Loading;
using Platform.Worker.Serving;
using Platform.Worker.Tests.Support;

namespace Platform.Worker.Tests.Loading;

public sealed class ReconcilerTests
{
    [Fact]
    public async Task StepAsync_PlanComesAndGoes_LoadsAndUnloads()
    {
        await using var host = await WorkerHost.StartAsync(("Worker:UnloadDelay", "00:00:00"));
        var report = host.Services.GetRequiredService<LoadReport>();
        var seen = new List<string>();
        report.Changed += () => seen.Add(string.Join(',', report.Versions.Select(version => version.State)));
        await host.SettleAsync("digits", await host.PlaceAsync("1.0.0", Digits.Model("1.0.0")));
        await host.SettleAsync("digits");
        Assert.Equal(["Loading", "Ready", "Unloading", ""], seen);
        Assert.Empty(host.Services.GetRequiredService<ServedVersions>().All);
    }

    [Fact]
    public async Task StepAsync_ModelsThatCannotBeServed_FailWithTheReason()
    {
        await using var host = await WorkerHost.StartAsync();
        var good = await host.PlaceAsync("1.0.0", Digits.Model("1.0.0"));
        var missing = good with { Version = "2.0.0", Artifact = good.Artifact with { Sha256 = new string('0', 64) } };
        var other = good with { Version = "3.0.0", Signature = (await host.PlaceAsync("x", OnnxBuilder.Identity("FP32", "n"))).Signature };
        var device = good with { Version = "4.0.0", Config = new DeploymentConfig(Device.Cuda) };
        var engine = good with { Version = "5.0.0", Config = new DeploymentConfig(Device.Tensorrt) };
        await host.SettleAsync("digits", good, missing, other, device, engine);
        var versions = host.Services.GetRequiredService<LoadReport>().Versions;
        Assert.Equal([LoadState.Ready, LoadState.Failed, LoadState.Failed, LoadState.Failed, LoadState.Failed], versions.Select(version => version.State));
        Assert.Contains("but the registry says", versions[2].Reason, StringComparison.Ordinal);
        Assert.Contains("'cuda' was demanded", versions[3].Reason, StringComparison.Ordinal);
        Assert.Contains("TensorrtExecutionProvider", versions[4].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StepAsync_ArtifactThatWasChanged_IsNotLoaded()
    {
        await using var host = await WorkerHost.StartAsync();
        var one = await host.PlaceAsync("1.0.0", Digits.Model("1.0.0"));
        var two = await host.PlaceAsync("2.0.0", Digits.Model("2.0.0"));
        var folder = Path.Combine(host.Folder, "sha256");
        File.Copy(Path.Combine(folder, two.Artifact.Sha256[..2], two.Artifact.Sha256), Path.Combine(folder, one.Artifact.Sha256[..2], one.Artifact.Sha256), overwrite: true);
        await host.SettleAsync("digits", one);
        Assert.Contains("another content than its digest says", Assert.Single(host.Services.GetRequiredService<LoadReport>().Versions).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StepAsync_OnlyLimitsChange_KeepsTheSession()
    {
        await using var host = await WorkerHost.StartAsync();
        var placed = await host.PlaceAsync("1.0.0", Digits.Model("1.0.0"));
        await host.SettleAsync("digits", placed);
        var before = Assert.Single(host.Services.GetRequiredService<ServedVersions>().All);
        await host.SettleAsync("digits", placed with { Config = new DeploymentConfig(Limits: new ServingLimits(MaxQueue: 7)) });
        var after = Assert.Single(host.Services.GetRequiredService<ServedVersions>().All);
        Assert.Same(before, after);
        Assert.Equal(7, after.Limits.MaxQueue);
    }
}
