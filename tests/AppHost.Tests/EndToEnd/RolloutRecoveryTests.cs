namespace Platform.AppHost.Tests.EndToEnd;

/// <summary>Rollouts whose silo is killed, in the middle of a step and in the middle of rolling back.</summary>
[Collection(nameof(FailureTests))]
public sealed class RolloutRecoveryTests : IAsyncLifetime
{
    private RunningPlatform platform = null!;

    public async ValueTask InitializeAsync() => platform = await RunningPlatform.StartAsync();

    public ValueTask DisposeAsync() => platform?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task KillSiloAsync()
    {
        foreach (var silo in await platform.ProcessesAsync("silo")) silo.Kill();
        await platform.UntilReplicasAsync("silo", 1);
    }

    [Fact]
    public async Task Rollout_WhoseSiloDies_GoesOnAndIsPromotedOnce()
    {
        var api = platform.Api;
        await DigitsData.DeployAsync(api, "digits", "1.1.0", "1.1.0");
        await DigitsData.RegisterAsync(api, "digits", "2.0.0", "2.0.0");
        await using var load = await RolloutLoad.StartAsync(platform, "digits", callers: 2);
        var begun = await RolloutLoad.BeginAsync(api, "digits", new
        {
            to = "2.0.0",
            steps = new object[] { new { weight = 20, hold = "5s" }, new { weight = 50, hold = "3s" } },
            analysis = new { min_requests = 20, metrics = new[] { new { name = "error_rate", max_ratio_to_stable = 1 } } },
            auto_promote = true,
        });
        var id = begun.GetProperty("id").GetString()!;
        await RolloutLoad.UntilAsync(api, "digits", id, "progressing");
        await KillSiloAsync();

        var rollout = await RolloutLoad.UntilAsync(api, "digits", id, "succeeded");

        var steps = rollout.GetProperty("timeline").EnumerateArray().Select(change => (change.GetProperty("state").GetString(), change.GetProperty("step").GetInt32())).ToArray();
        Assert.Equal([("pending", 0), ("progressing", 0), ("progressing", 1), ("promoting", 1), ("succeeded", 1)], steps);
        Assert.All(load.Answers, answer => Assert.Equal(200, answer.Status));

        // And once more, while it rolls back.
        await DigitsData.RegisterAsync(api, "digits", "2.1.0", "2.1.0-regressed");
        begun = await RolloutLoad.BeginAsync(api, "digits", new { to = "2.1.0", steps = new[] { new { weight = 50, hold = "5m" } } });
        id = begun.GetProperty("id").GetString()!;
        await RolloutLoad.UntilAsync(api, "digits", id, "progressing");
        await api.SendJsonAsync(HttpMethod.Post, $"/v1/models/digits/rollouts/{id}/abort", new { reason = "Not this one." });
        await KillSiloAsync();

        rollout = await RolloutLoad.UntilAsync(api, "digits", id, "rolled_back");

        Assert.Equal("aborted_by_person", rollout.GetProperty("reason").GetString());
        Assert.All(load.Answers, answer => Assert.Equal(200, answer.Status));
    }
}
