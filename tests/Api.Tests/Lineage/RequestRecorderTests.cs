using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Platform.Api.Lineage;
using Platform.Api.Serving;
using Platform.Core.Models;
using Platform.Core.Serving;
using Platform.SharedState.Lineage;
using Platform.SharedState.Plans;
using Platform.Tests;

namespace Platform.Api.Tests.Lineage;

public sealed class RequestRecorderTests : IClassFixture<RedisServer>, IDisposable
{
    private static readonly PlacedVersion Version = new(
        "2.0.0", new ArtifactInfo(10, new string('a', 64), true, null),
        new ModelSignature([], [], "test", ImmutableDictionary<string, long>.Empty, ImmutableDictionary<string, string>.Empty), new DeploymentConfig());

    private readonly RequestStore store;
    private readonly PlanFollower plans;
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly string prefix = Guid.NewGuid().ToString("n");

    public RequestRecorderTests(RedisServer redis)
    {
        store = new SealedStores(redis.Connection, clock).Requests;
        plans = new PlanFollower(redis.Connection, new PlanStore(redis.Connection), clock, NullLogger<PlanFollower>.Instance);
    }

    public void Dispose() => plans.Dispose();

    [Fact]
    public async Task Request_ThatWasAnswered_IsRememberedAndNothingOfItsBody()
    {
        using var recorder = Recorder(new());
        recorder.Answered(Call("1"), Version, "stable", Answer(), TimeSpan.Zero);
        await recorder.WriteAsync();
        Assert.Equal(
            new AnsweredRequest(clock.GetUtcNow(), "digits", "2.0.0", new string('a', 64), "stable", Named: false, 0, 200, "worker-1", ""),
            await store.FindAsync(prefix + "1"));
        Assert.Null(await store.FindAsync(prefix + "2"));
    }

    [Fact]
    public async Task Request_UnderAnIdThatWasAnswered_ChangesNothing()
    {
        using var recorder = Recorder(new());
        recorder.Answered(Call("1"), Version, "stable", Answer(), TimeSpan.Zero);
        await recorder.WriteAsync();
        recorder.Answered(Call("1"), Version with { Version = "3.0.0" }, "canary", Answer(), TimeSpan.Zero);
        await recorder.WriteAsync();
        Assert.Equal("2.0.0", (await store.FindAsync(prefix + "1"))!.Version);
    }

    [Fact]
    public async Task Requests_BeyondTheRate_AreDropped()
    {
        using var recorder = Recorder(new() { MaxPerSecond = 3 });
        for (var i = 0; i < 5; i++) recorder.Answered(Call($"{i}"), Version, "stable", Answer(), TimeSpan.Zero);
        clock.Advance(TimeSpan.FromSeconds(1));
        recorder.Answered(Call("5"), Version, "stable", Answer(), TimeSpan.Zero);
        await recorder.WriteAsync();
        Assert.NotNull(await store.FindAsync(prefix + "2"));
        Assert.Null(await store.FindAsync(prefix + "3"));
        Assert.NotNull(await store.FindAsync(prefix + "5"));
    }

    [Fact]
    public async Task Requests_BeyondWhatMayWait_AreDroppedAndCounted()
    {
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var dropped = 0L;
        using var listener = new MeterListener { InstrumentPublished = (instrument, to) => to.EnableMeasurementEvents(instrument) };
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => dropped += instrument.Name == "platform.lineage.dropped" ? value : 0);
        using var recorder = Recorder(new() { MaxWaiting = 2 }, services.GetRequiredService<IMeterFactory>());
        listener.Start();
        for (var i = 0; i < 5; i++) recorder.Answered(Call($"{i}"), Version, "stable", Answer(), TimeSpan.Zero);
        Assert.Equal(3, dropped);
        await recorder.WriteAsync();
        Assert.NotNull(await store.FindAsync(prefix + "1"));
        Assert.Null(await store.FindAsync(prefix + "2"));
    }

    [Fact]
    public async Task Requests_WithoutAVersionAnAnswerOrTheSwitch_AreNotRemembered()
    {
        using var recorder = Recorder(new());
        recorder.Answered(Call("1"), null, "", Answer(), TimeSpan.Zero);
        recorder.Answered(Call("2"), Version, "stable", null, TimeSpan.Zero);
        using var off = Recorder(new() { Enabled = false });
        off.Answered(Call("3"), Version, "stable", Answer(), TimeSpan.Zero);
        await recorder.WriteAsync();
        await off.WriteAsync();
        foreach (var id in (string[])["1", "2", "3"]) Assert.Null(await store.FindAsync(prefix + id));
    }

    private RequestRecorder Recorder(LineageOptions options, IMeterFactory? meters = null) => new(
        store, plans, clock, Options.Create(options), meters ?? new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>(),
        NullLogger<RequestRecorder>.Instance);

    private static InferenceAnswer Answer() => new() { Status = 200, Version = "2.0.0", Route = "stable", Worker = "worker-1" };

    private InferenceCall Call(string id) => new() { Model = "digits", RequestId = prefix + id, Body = "payload"u8.ToArray() };
}
