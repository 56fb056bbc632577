using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Platform.Api.Access;
using Platform.Api.Protection;
using Platform.Core.Access;
using Platform.Core.Protection;
using Platform.Core.Serving;
using Platform.SharedState.Protection;
using Platform.SharedState.Workers;
using Platform.Tests;

namespace Platform.Api.Tests.Protection;

public sealed class ExtractionTests(RedisServer redis) : IClassFixture<RedisServer>
{
    /// <summary>Each outside of the reference adds log 5 to the sum, which is an alarm at log 1,000,000.</summary>
    private const int QuestionsToAnAlarm = 9;

    [Fact]
    public async Task Caller_WhoAsksNoise_IsSlowedDownAndOthersAreNot()
    {
        await using var host = await HostAsync(ProtectionMode.Enforce, isOutside: true);
        await UntilThrottledAsync(host, "thief");

        Assert.Contains(await StatusesAsync(host, "thief", 20), status => status == 429);
        Assert.All(await StatusesAsync(host, "guest", 3), status => Assert.Equal(200, status));
    }

    [Fact]
    public async Task Caller_WhoIsReleased_IsAnsweredAgain()
    {
        await using var host = await HostAsync(ProtectionMode.Enforce, isOutside: true);
        await UntilThrottledAsync(host, "penitent");
        var throttled = host.Services.GetRequiredService<ThrottledCallers>();
        Assert.True(await throttled.RemoveAsync(host.Model, "penitent"));
        Assert.False(await throttled.RemoveAsync(host.Model, "penitent"));
        await host.Services.GetRequiredService<ThrottleGate>().RefreshAsync();
        Assert.All(await StatusesAsync(host, "penitent", 3), status => Assert.Equal(200, status));
    }

    [Theory]
    [InlineData(ProtectionMode.Observe, true)]
    [InlineData(ProtectionMode.Enforce, false)]
    public async Task Caller_WhoIsOnlyWatchedOrClean_IsNotSlowedDown(ProtectionMode mode, bool isOutside)
    {
        await using var host = await HostAsync(mode, isOutside);
        Assert.All(await StatusesAsync(host, "anybody", 100), status => Assert.Equal(200, status));
        Assert.DoesNotContain(await host.Services.GetRequiredService<ThrottledCallers>().ReadAsync(), caller => caller.Model == host.Model);
    }

    /// <summary>Asks as much noise as makes one alarm, and no more: what is still being watched could slow the caller down again.</summary>
    private static async Task UntilThrottledAsync(ServingHost host, string caller)
    {
        await StatusesAsync(host, caller, QuestionsToAnAlarm);
        var throttled = host.Services.GetRequiredService<ThrottledCallers>();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!(await throttled.ReadAsync()).Any(one => one.Model == host.Model && one.Caller == caller))
            await timer.WaitForNextTickAsync(limit.Token);
    }

    private static async Task<List<int>> StatusesAsync(ServingHost host, string caller, int count)
    {
        var principal = new ClaimsPrincipal(Callers.Identity("test", caller, caller, [Role.Inference], null));
        var statuses = new List<int>();
        for (var i = 0; i < count; i++) statuses.Add((await host.AskAsync(change: call => call with { Caller = principal })).Status);
        return statuses;
    }

    private async Task<ServingHost> HostAsync(ProtectionMode mode, bool isOutside)
    {
        var random = new Random(4);
        var worker = await FakeWorker.StartAsync(context =>
        {
            float[] values;
            lock (random) values = [.. Enumerable.Range(0, QuerySketch.Dimensions).Select(_ => random.NextSingle() + random.NextSingle() + random.NextSingle())];
            context.Response.Headers[WorkerProtocol.QueriesHeader] = QuerySketch.Encode([new(1, isOutside, values)]);
            return context.Response.WriteAsync("ok");
        });
        var placed = ServingHost.Placed("1.0.0", new DeploymentConfig(Protection: new(Extraction: new(mode))));
        return await ServingHost.StartAsync(redis, [placed], services => services.AddProtection(), (worker, "1.0.0"));
    }
}
