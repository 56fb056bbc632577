using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;

namespace Platform.AppHost.Tests.EndToEnd;

/// <summary>Everything that answers is stopped in turn, as an upgrade does it, while callers go on without a pause and without a retry.</summary>
[Collection(nameof(FailureTests))]
public sealed class RollingTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task WorkersAndApis_StoppedOneByOneUnderLoad_FailNoRequest()
    {
        await using var platform = await RunningPlatform.StartAsync("--Api:Replicas=2");
        await DigitsData.DeployAsync(platform.Api, "digits", "1.1.0", "1.1.0");
        await using var load = await Load.StartAsync(platform, "digits");

        foreach (var resource in (string[])["worker", "api"])
        {
            var replicas = await platform.ProcessesAsync(resource);
            Assert.Equal(2, replicas.Count);
            foreach (var replica in replicas) await ReplaceAsync(platform, resource, replica, load);
        }

        Assert.True(load.Failures.Count == 0, string.Join(Environment.NewLine, load.Failures.Distinct().Take(5)));
    }

    private static async Task ReplaceAsync(RunningPlatform platform, string resource, Process replica, Load load)
    {
        using (var term = Process.Start("kill", ["-TERM", $"{replica.Id}"])) await term.WaitForExitAsync();
        await replica.WaitForExitAsync().WaitAsync(Patience);
        await platform.UntilReplicasAsync(resource, 2);
        await platform.UntilHealthyReplicasAsync(resource, 2);
        await platform.UntilWorkersAsync(count: 2);
        await UntilServedAsync(platform);
        await load.UntilAnsweredAsync(200);
    }

    /// <summary>Not before both workers have the version again may the next one go.</summary>
    private static Task UntilServedAsync(RunningPlatform platform) => Until.TrueAsync(
        async () =>
        {
            var workers = await platform.Api.GetFromJsonAsync<JsonElement>("/v1/workers");
            return workers.GetProperty("items").EnumerateArray().All(worker =>
                !worker.GetProperty("draining").GetBoolean()
                && worker.GetProperty("versions").EnumerateArray().Any(version => version.GetProperty("state").GetString() == "ready"));
        },
        Patience, "both workers to have the version");
}
