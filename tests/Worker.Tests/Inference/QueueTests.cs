using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Platform.Core.Serving;
using Platform.Worker.Serving;
using Platform.Worker.Tests.Support;

namespace Platform.Worker.Tests.Inference;

/// <summary>One executor that is kept busy, and what happens to those who come meanwhile.</summary>
public sealed class QueueTests : IAsyncLifetime
{
    private const int ItemsThatTakeLong = 1500;
    private const string Version = "2.2.0-slow";
    private WorkerHost host = null!;
    private ServedVersion served = null!;

    public async ValueTask InitializeAsync()
    {
        host = await WorkerHost.StartAsync(("Worker:Executors", "1"));
        await host.LoadAsync("digits", Version, Digits.Model(Version), new DeploymentConfig(Limits: new ServingLimits(MaxQueue: 2, Timeout: TimeSpan.FromMinutes(5))));
        Assert.True(host.Services.GetRequiredService<ServedVersions>().TryUse("digits", Version, out var found));
        served = found;
    }

    public ValueTask DisposeAsync()
    {
        served.Dispose();
        return host.DisposeAsync();
    }

    [Fact]
    public async Task Infer_QueueIsFull_IsRefusedWithRetryAfter()
    {
        using var busy = new BusyExecutor(host);
        var waiting = new[] { SendAsync(1), SendAsync(1) };
        await UntilAsync(() => served.Waiting == 2);
        using var refused = await SendAsync(1);
        Assert.Contains("Exceeds maximum queue size", await refused.ErrorAsync(HttpStatusCode.TooManyRequests), StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter!.Delta);
        busy.Dispose();
        foreach (var answer in await Task.WhenAll(waiting)) await answer.JsonAsync();
    }

    [Fact]
    public async Task Infer_TimeoutPassesInTheQueue_IsNotRun()
    {
        using var busy = new BusyExecutor(host);
        using var expired = await SendAsync(1, timeoutMicroseconds: 5000);
        Assert.Contains("Request timeout expired", await expired.ErrorAsync(HttpStatusCode.GatewayTimeout), StringComparison.Ordinal);
        await UntilAsync(() => served.Waiting == 0);
    }

    [Fact]
    public async Task Infer_ClientGoesAway_LeavesTheQueue()
    {
        using var busy = new BusyExecutor(host);
        using var gone = new CancellationTokenSource();
        var waiting = SendAsync(1, leaving: gone);
        await UntilAsync(() => served.Waiting == 1);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await UntilAsync(() => served.Waiting == 0);
    }

    [Fact]
    public async Task Remove_WhileRequestsRun_LetsThemFinish()
    {
        var busy = SendAsync(ItemsThatTakeLong);
        await UntilAsync(() => host.Services.GetRequiredService<WorkerState>().Outstanding == 1);
        // The body of this one has been read once the queue or the executor has it; it holds the version before that.
        host.Services.GetRequiredService<ServedVersions>().Remove(served.Id);
        using var after = await SendAsync(1);
        await after.ErrorAsync(HttpStatusCode.MisdirectedRequest);
        Assert.False(served.IsFreed);
        await (await busy).JsonAsync();
    }

    private async Task<HttpResponseMessage> SendAsync(int items, long timeoutMicroseconds = 0, CancellationTokenSource? leaving = null)
    {
        var bytes = items * Digits.Pixels * sizeof(float);
        using var content = WorkerHost.Binary(
            $$"""{"parameters":{"timeout":{{timeoutMicroseconds}} },"inputs":[{"name":"image","shape":[{{items}},1,28,28],"datatype":"FP32","parameters":{"binary_data_size":{{bytes}} } }]}""",
            new byte[bytes]);
        return await host.Client.PostAsync(
            new Uri($"/internal/models/digits/versions/{Version}/infer", UriKind.Relative), content,
            leaving?.Token ?? TestContext.Current.CancellationToken);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        var started = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(30), "What was waited for did not happen in 30 s.");
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }
}
