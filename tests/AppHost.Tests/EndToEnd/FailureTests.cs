using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;

namespace Platform.AppHost.Tests.EndToEnd;

/// <summary>What callers see while parts of the platform die. Each test has a platform of its own to break.</summary>
[Collection(nameof(FailureTests))]
public sealed class FailureTests : IAsyncLifetime
{
    private const string Model = "digits";
    private RunningPlatform platform = null!;

    public async ValueTask InitializeAsync()
    {
        platform = await RunningPlatform.StartAsync();
        await DigitsData.DeployAsync(platform.Api, Model, "2.0.0", "2.0.0");
    }

    public ValueTask DisposeAsync() => platform?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task Worker_KilledUnderLoad_CostsNoRequestAndComesBack()
    {
        await using var load = await Load.StartAsync(platform, Model);
        var known = load.AnswersByWorker.Keys.ToHashSet();

        (await platform.ProcessesAsync("worker"))[0].Kill();
        await load.UntilAnsweredAsync(200);
        await Until.TrueAsync(
            () => Task.FromResult(load.AnswersByWorker.Keys.Any(worker => !known.Contains(worker))),
            TimeSpan.FromSeconds(60), "the restarted worker to answer");

        Assert.True(load.Failures.Count == 0, string.Join(Environment.NewLine, load.Failures.Distinct().Take(5)));
    }

    [Fact]
    public async Task Silo_KilledUnderLoad_CostsNoRequestAndControlComesBack()
    {
        await using var load = await Load.StartAsync(platform, Model);

        (await platform.ProcessesAsync("silo"))[0].Kill();
        await Until.TrueAsync(
            async () => (await platform.Api.PostAsJsonAsync(
                "/v1/models", new { name = $"m-{Guid.NewGuid():n}" })).StatusCode == HttpStatusCode.Created,
            TimeSpan.FromSeconds(60), "a control call to succeed");
        await load.UntilAnsweredAsync(100);

        Assert.True(load.Failures.Count == 0, string.Join(Environment.NewLine, load.Failures.Distinct().Take(5)));
    }

    [Fact]
    public async Task Redis_StoppedForHalfAMinuteUnderLoad_CostsNoRequestAndAllIsWellAfter()
    {
        await using var load = await Load.StartAsync(platform, Model);
        var redis = (await platform.ProcessesAsync("redis"))[0];
        var stopped = Stopwatch.StartNew();

        Signal(redis, "STOP");
        await Until.TrueAsync(ControlIsRefusedAsync, TimeSpan.FromSeconds(10), "control calls to be refused");
        await Until.TrueAsync(() => Task.FromResult(stopped.Elapsed > TimeSpan.FromSeconds(30)), TimeSpan.FromSeconds(40), "30 s without Redis");
        Assert.True(await ControlIsRefusedAsync());
        Assert.True(load.Failures.Count == 0, string.Join(Environment.NewLine, load.Failures.Distinct().Take(5)));
        Signal(redis, "CONT");
        await Until.TrueAsync(
            // A change, since that takes more than a look: what waited meanwhile is written first.
            async () => (await platform.Api.PutAsJsonAsync($"/v1/models/{Model}/retention", new { keep_last = 5 })).IsSuccessStatusCode,
            TimeSpan.FromSeconds(60), "changes to succeed");
        await DigitsData.DeployAsync(platform.Api, Model, "1.1.0", "1.1.0");
        await platform.UntilWorkersAsync(count: 2);
        await load.UntilAnsweredAsync(100);

        Assert.True(load.Failures.Count == 0, string.Join(Environment.NewLine, load.Failures.Distinct().Take(5)));
    }

    private async Task<bool> ControlIsRefusedAsync()
    {
        using var answer = await platform.Api.GetAsync("/v1/models");
        return answer.StatusCode == HttpStatusCode.ServiceUnavailable && answer.Headers.RetryAfter is not null;
    }

    private static void Signal(Process process, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]);
        kill.WaitForExit();
    }
}
