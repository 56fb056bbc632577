using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Platform.Api.Feedback;
using Platform.Api.Serving;
using Platform.Core.Quality;
using Platform.Core.Serving;
using Platform.ServiceDefaults.Access;
using Platform.SharedState.Quality;
using Platform.Tests;

namespace Platform.Api.Tests;

public sealed class PredictionWriterTests(RedisServer redis) : IClassFixture<RedisServer>
{
    private readonly RedisServer server = redis;
    private readonly string model = $"m-{Guid.NewGuid():n}";
    private readonly TimeProvider clock = TimeProvider.System;

    [Fact]
    public async Task Answer_IsWrittenWithRouteAndHashedUnit_AndCounted()
    {
        using var front = new Front(this);

        front.Answer("a", PredictionCodec.Encode(Predicted(3)), routingKey: "customer-17");
        await front.Writer.FlushAsync();

        var prediction = await front.LoadAsync("a");
        Assert.Equal((model, "1.0.0", "canary", 3.0), (prediction!.Model, prediction.Version, prediction.Route, prediction.Answer.Items[0].Value));
        Assert.Equal(UnitHash.Of(Front.Secret, model, "customer-17"), prediction.Unit);
        Assert.DoesNotContain("customer-17", await server.Connection.GetDatabase().StringGetAsync($"prediction:{model}-a"), StringComparison.Ordinal);
        Assert.Equal((1, 0), await front.CountsAsync());
    }

    [Fact]
    public async Task Answer_WithoutPredictions_OrRefused_IsNothing()
    {
        using var front = new Front(this);

        front.Answer("a", null);
        front.Buffer.Answered(front.Call("b"), null, "", InferenceAnswer.Refused(404, "no"), TimeSpan.Zero);
        front.Buffer.Answered(front.Call("c"), front.Placed, "stable", null, TimeSpan.Zero);
        await front.Writer.FlushAsync();

        Assert.Equal((0, 0), await front.CountsAsync());
    }

    [Fact]
    public async Task Answers_BeyondTheRoom_AreCountedAndCanGetNoLabel()
    {
        using var front = new Front(this, maxWaiting: 2);

        foreach (var id in (string[])["a", "b", "c", "d", "e"]) front.Answer(id, PredictionCodec.Encode(Predicted(3, 4)));
        await front.Writer.FlushAsync();

        Assert.Equal((10, 6), await front.CountsAsync());
        Assert.NotNull(await front.LoadAsync("b"));
        Assert.Null(await front.LoadAsync("c"));
    }

    [Fact]
    public async Task Answers_OfTheSample_AreKept_TheOthersCounted()
    {
        using var front = new Front(this, feedback: new FeedbackConfig(Sample: 0.3));

        for (var i = 0; i < 500; i++) front.Answer($"{i}", PredictionCodec.Encode(Predicted(3)));
        await front.Writer.FlushAsync();

        var (predicted, notKept) = await front.CountsAsync();
        Assert.Equal(500, predicted);
        Assert.InRange(notKept, 300, 400);
    }

    [Fact]
    public async Task Answer_OfAnIdThatWasUsed_IsCountedAndCanGetNoLabel()
    {
        using var front = new Front(this);

        front.Answer("a", PredictionCodec.Encode(Predicted(3)));
        front.Answer("a", PredictionCodec.Encode(Predicted(4)));
        await front.Writer.FlushAsync();

        Assert.Equal((2, 1), await front.CountsAsync());
        Assert.Equal(3, (await front.LoadAsync("a"))!.Answer.Items[0].Value);
    }

    [Fact]
    public async Task Label_ThatCameFirst_IsJoinedWithTheFlush()
    {
        using var front = new Front(this);
        var item = new FeedbackItem(front.Id("a"), [3], null, null, clock.GetUtcNow());

        Assert.Equal(1, (await front.Feedback.AcceptAsync([item], () => Task.CompletedTask)).Value!.Unmatched);
        front.Answer("a", PredictionCodec.Encode(Predicted(3)));
        await front.Writer.FlushAsync();

        Assert.Equal(1, (await front.SumAsync())[CounterNames.Labelled]);
    }

    private static PredictedAnswer Predicted(params double[] classes) =>
        new(FeedbackKind.Argmax, [.. classes.Select(one => new PredictedItem(one, 0.9, true))], []);

    private sealed class Front : IDisposable
    {
        public const string Secret = "an-internal-key-of-more-than-32-characters";
        private readonly PredictionWriterTests test;
        private readonly ServiceProvider meters = new ServiceCollection().AddMetrics().BuildServiceProvider();
        private readonly PredictionStore predictions;
        private readonly QualityStore quality;

        public Front(PredictionWriterTests test, int maxWaiting = 1000, FeedbackConfig? feedback = null)
        {
            this.test = test;
            var redis = test.server.Connection;
            var options = Options.Create(new FeedbackOptions { MaxWaiting = maxWaiting });
            (predictions, quality) = (new SealedStores(redis, test.clock).Predictions, new QualityStore(redis, test.clock));
            Feedback = new SealedStores(redis, test.clock).Feedback;
            Buffer = new PredictionBuffer(meters.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>(), options, test.clock);
            Writer = new PredictionWriter(
                Buffer, predictions, quality, Feedback, options, Options.Create(new InternalAccessOptions { InternalKey = Secret }), test.clock,
                NullLogger<PredictionWriter>.Instance);
            Placed = new PlacedVersion("1.0.0", null!, null!, new DeploymentConfig(Feedback: feedback));
        }

        public PredictionBuffer Buffer { get; }

        public PredictionWriter Writer { get; }

        public FeedbackStore Feedback { get; }

        public PlacedVersion Placed { get; }

        public string Id(string request) => $"{test.model}-{request}";

        public InferenceCall Call(string request, string? routingKey = null) =>
            new() { Model = test.model, RequestId = Id(request), Body = default, RoutingKey = routingKey };

        public void Answer(string request, string? predicted, string? routingKey = null) => Buffer.Answered(
            Call(request, routingKey), Placed, "canary",
            new InferenceAnswer { Status = 200, Version = "1.0.0", Route = "canary", Predictions = predicted }, TimeSpan.Zero);

        public async Task<Prediction?> LoadAsync(string request) => (await predictions.LoadAsync([Id(request)])).Values.SingleOrDefault();

        public Task<QualityCounts> SumAsync() =>
            quality.SumAsync(test.model, "1.0.0", test.clock.GetUtcNow().AddHours(-1), test.clock.GetUtcNow().AddMinutes(1));

        public async Task<(long Predicted, long NotKept)> CountsAsync()
        {
            var counts = await SumAsync();
            return (counts[CounterNames.Predicted], counts[CounterNames.NotKept]);
        }

        public void Dispose()
        {
            Writer.Dispose();
            meters.Dispose();
        }
    }
}
