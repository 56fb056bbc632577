using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Platform.Api.Experiments;
using Platform.Api.Serving;
using Platform.Core.Experiments;
using Platform.Core.Quality;
using Platform.Core.Serving;
using Platform.ServiceDefaults.Access;
using Platform.SharedState.Experiments;
using Platform.SharedState.Plans;
using Platform.SharedState.Quality;
using Platform.Tests;

namespace Platform.Api.Tests;

public sealed class ExperimentCountingTests(RedisServer redis) : IClassFixture<RedisServer>
{
    private readonly string model = $"m-{Guid.NewGuid():n}";
    private readonly string experiment = Guid.NewGuid().ToString("n");

    [Fact]
    public async Task Answers_AreCountedOnceAUnit_WithErrorsAndLatencies()
    {
        await using var front = await Front.StartAsync(this);
        front.Answer("a", "ann", "arm:control", 200, 10);
        front.Answer("b", "ann", "arm:control", 200, 99);
        front.Answer("c", "bob", "arm:treatment", 503, 5);
        front.Answer("d", null, "arm:treatment", 400, 20);

        await front.Writer.FlushAsync();

        var arms = (await front.Store.ReadAsync(experiment, 2)).Arms;
        Assert.Equal([1, 2], arms.Select(arm => arm.Units));
        Assert.Equal([0, 1], arms.Select(arm => arm.Of("error_rate").Sum));
        Assert.Equal([1, 2], arms.Select(arm => arm.Of("error_rate").Count));
        Assert.Equal((1, 10.0), (arms[0].Of("latency_ms").Count, arms[0].Of("latency_ms").Sum));
        // What failed tells nothing of how long an answer takes.
        Assert.Equal((1, 20.0), (arms[1].Of("latency_ms").Count, arms[1].Of("latency_ms").Sum));
    }

    [Fact]
    public async Task Answers_OfOtherRoutesOrNamedVersions_AreNotCounted()
    {
        await using var front = await Front.StartAsync(this);
        front.Answer("a", "ann", "stable", 200, 10);
        front.Answer("b", "bob", "arm:other", 200, 10);
        front.Answer("c", "cyn", "arm:control", 200, 10, version: "1.0.0");

        await front.Writer.FlushAsync();

        Assert.Equal(0, (await front.Store.ReadAsync(experiment, 2)).Units);
    }

    [Fact]
    public async Task Feedback_ReachesTheExperimentBeforeItIsAcknowledged_EvenBeforeItsExposure()
    {
        await using var front = await Front.StartAsync(this);
        front.Answer("a", "ann", "arm:treatment", 200, 10);
        await front.PredictAsync("a", "ann", "arm:treatment", 3);

        foreach (var label in (double[])[3, 4])
        {
            var item = new FeedbackItem($"{model}-a", [label], null, null, TimeProvider.System.GetUtcNow());
            Assert.Equal(new FeedbackResult(1, 0), (await front.Feedback.AcceptAsync([item], () => Task.CompletedTask)).Value);
        }

        var before = (await front.Store.ReadAsync(experiment, 2)).Arms[1];
        Assert.Equal((1, 1, 1.0), (before.Units, before.Of("accuracy").Count, before.Of("accuracy").Sum));
        await front.Writer.FlushAsync();
        Assert.Equal((1, 0), ((await front.Store.ReadAsync(experiment, 2)).Units, (await front.Store.ReadAsync(experiment, 2)).Crossed));
    }

    [Fact]
    public async Task Answers_BeyondTheRoom_AreDroppedAndTheOthersCounted()
    {
        await using var front = await Front.StartAsync(this, maxWaiting: 2);
        foreach (var caller in (string[])["ann", "bob", "cyn"]) front.Answer(caller, caller, "arm:control", 200, 10);

        await front.Writer.FlushAsync();

        Assert.Equal(2, (await front.Store.ReadAsync(experiment, 2)).Units);
    }

    [Fact]
    public void Plot_ShowsEffectIntervalAndUnits()
    {
        var design = ExperimentRules.Check(new ExperimentSpec(
            "exp", [new("control", "1.0.0", 50), new("treatment", "2.0.0", 50)],
            new("accuracy", MetricKind.Proportion, MetricDirection.Increase), MinimumEffect: 0.05, Baseline: 0.5)).Value!;
        var start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var state = ExperimentState.Begin("id", model, design, null, "ann", start).Start(start);
        Assert.Contains("<svg", ExperimentPlot.Draw(state), StringComparison.Ordinal);

        for (var i = 1; i <= 5; i++) state = state.Look(Counts(20 * i), start.AddSeconds(10 * i), 1_000);
        var drawn = ExperimentPlot.Draw(state);

        Assert.All((string[])["treatment: effect", "treatment: always-valid interval", "control: units", "polyline", "polygon"], part => Assert.Contains(part, drawn, StringComparison.Ordinal));
    }

    private static ExperimentCounts Counts(long units)
    {
        ArmCounts Arm(long events) => new(units, new Dictionary<string, OutcomeSums> { ["accuracy"] = new(units, events, events) }.ToImmutableDictionary());
        return new([Arm(units / 2), Arm(units * 11 / 20)], ImmutableDictionary<string, ImmutableArray<OutcomeMark>>.Empty);
    }

    private sealed class Front : IAsyncDisposable
    {
        private const string Secret = "an-internal-key-of-more-than-32-characters";
        private readonly ExperimentCountingTests test;
        private readonly ServiceProvider meters = new ServiceCollection().AddMetrics().BuildServiceProvider();
        private readonly PlanFollower plans;
        private readonly PredictionStore predictions;
        private readonly ExposureBuffer buffer;

        private Front(ExperimentCountingTests test, int maxWaiting)
        {
            this.test = test;
            var connection = test.Redis.Connection;
            var stores = new SealedStores(connection, TimeProvider.System);
            var options = Options.Create(new ExperimentOptions { MaxWaiting = maxWaiting });
            plans = new PlanFollower(connection, new PlanStore(connection), TimeProvider.System, NullLogger<PlanFollower>.Instance);
            predictions = stores.Predictions;
            Feedback = stores.Feedback;
            Store = new ExperimentStore(connection, stores.Vault, stores.Records, options);
            buffer = new ExposureBuffer(plans, meters.GetRequiredService<IMeterFactory>(), options, TimeProvider.System);
            Writer = new ExposureWriter(
                buffer, Store, plans, Feedback, Options.Create(new InternalAccessOptions { InternalKey = Secret }), TimeProvider.System, NullLogger<ExposureWriter>.Instance);
        }

        public ExposureWriter Writer { get; }

        public ExperimentStore Store { get; }

        public FeedbackStore Feedback { get; }

        public static async Task<Front> StartAsync(ExperimentCountingTests test, int maxWaiting = 1_000)
        {
            var front = new Front(test, maxWaiting);
            await new PlanStore(test.Redis.Connection).PublishAsync(new ModelPlan(
                test.model, 1, [], [new("1.0.0", 5_000, "arm:control"), new("2.0.0", 5_000, "arm:treatment")],
                Experiment: new ExperimentPlan(
                    test.experiment, ["control", "treatment"], ByRequest: false, TimeProvider.System.GetUtcNow().AddMinutes(-1),
                    [new("accuracy", MetricKind.Proportion), new("error_rate", MetricKind.Proportion), new("latency_ms", MetricKind.Mean)])));
            await front.plans.StartAsync(TestContext.Current.CancellationToken);
            await front.plans.Loaded;
            return front;
        }

        public void Answer(string request, string? routingKey, string route, int status, double milliseconds, string? version = null) => buffer.Answered(
            new InferenceCall { Model = test.model, RequestId = $"{test.model}-{request}", Body = default, RoutingKey = routingKey, Version = version },
            new PlacedVersion("1.0.0", null!, null!, new DeploymentConfig()), route, new InferenceAnswer { Status = status }, TimeSpan.FromMilliseconds(milliseconds));

        public async Task PredictAsync(string request, string routingKey, string route, double answered)
        {
            var now = TimeProvider.System.GetUtcNow();
            await predictions.SaveAsync([new Prediction(
                $"{test.model}-{request}", test.model, "2.0.0", route, now, now.AddHours(1),
                new PredictedAnswer(FeedbackKind.Argmax, [new PredictedItem(answered, 0.9, true)], []), UnitHash.Of(Secret, test.model, routingKey))]);
        }

        public async ValueTask DisposeAsync()
        {
            Writer.Dispose();
            await plans.StopAsync(CancellationToken.None);
            plans.Dispose();
            await meters.DisposeAsync();
        }
    }

    private RedisServer Redis => redis;
}
