using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Platform.Core.Batching;
using Platform.Core.Serving;
using Platform.Worker.Serving;
using Platform.Worker.Tests.Support;

namespace Platform.Worker.Tests.Inference;

/// <summary>More work waits than can be done in time.</summary>
public sealed class OverloadTests
{
    private const int Items = 100;
    private const int Waiting = 60;
    private const string Version = "2.2.0-slow";
    private static readonly TimeSpan Far = TimeSpan.FromHours(1);

    /// <summary>Less than what waits takes on any machine, more than it takes to read the request.</summary>
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(500);

    [Fact]
    public async Task Infer_WouldExpireInTheQueue_IsRefusedAtOnceUnlessItIsUrgent()
    {
        await using var host = await WorkerHost.StartAsync(("Worker:Executors", "1"));
        await host.LoadAsync("digits", Version, Digits.Model(Version), new DeploymentConfig(Limits: new ServingLimits(Timeout: Far)));
        // The worker finds out how long its work takes.
        foreach (var answer in await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => SendAsync(host, Far)))) answer.Dispose();

        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        using var busy = new BusyExecutor(host);
        var waiting = Enumerable.Range(0, Waiting).Select(_ => SendUntilAsync(host, Far, 0, leaving.Token)).ToArray();
        await UntilWaitingAsync(host, Waiting);
        using var refused = await SendAsync(host, Short);
        Assert.Contains("Exceeds maximum queue size", await refused.ErrorAsync(HttpStatusCode.TooManyRequests), StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter!.Delta);

        // One that goes before all of them has nothing to wait for but the executor.
        var urgent = SendAsync(host, Far, PriorityLevels.Highest);
        await UntilWaitingAsync(host, Waiting + 1);
        await leaving.CancelAsync();
        foreach (var one in waiting) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => one);
        busy.Dispose();
        using var answered = await urgent;
        Assert.Equal(HttpStatusCode.OK, answered.StatusCode);
    }

    private static Task<HttpResponseMessage> SendAsync(WorkerHost host, TimeSpan timeout, int priority = 0) =>
        SendUntilAsync(host, timeout, priority, TestContext.Current.CancellationToken);

    private static async Task<HttpResponseMessage> SendUntilAsync(WorkerHost host, TimeSpan timeout, int priority, CancellationToken leaving)
    {
        var bytes = Items * Digits.Pixels * sizeof(float);
        using var content = WorkerHost.Binary(
            $$"""{"parameters":{"timeout":{{(long)timeout.TotalMicroseconds}},"priority":{{priority}} },"inputs":[{"name":"image","shape":[{{Items}},1,28,28],"datatype":"FP32","parameters":{"binary_data_size":{{bytes}} } }]}""",
            new byte[bytes]);
        return await host.Client.PostAsync(new Uri($"/internal/models/digits/versions/{Version}/infer", UriKind.Relative), content, leaving);
    }

    private static async Task UntilWaitingAsync(WorkerHost host, int count)
    {
        Assert.True(host.Services.GetRequiredService<ServedVersions>().TryUse("digits", Version, out var served));
        using var _ = served;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        while (served.Waiting != count) await timer.WaitForNextTickAsync(limit.Token);
    }
}
