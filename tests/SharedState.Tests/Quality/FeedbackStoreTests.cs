using Microsoft.Extensions.Time.Testing;
using Platform.Core.Quality;
using Platform.Core.Serving;
using Platform.SharedState.Quality;
using Platform.Tests;

namespace Platform.SharedState.Tests.Quality;

public sealed class FeedbackStoreTests(RedisServer redis) : IClassFixture<RedisServer>
{
    private readonly string model = $"m-{Guid.NewGuid():n}";
    private readonly FakeTimeProvider clock = new(TimeProvider.System.GetUtcNow());

    [Fact]
    public async Task Label_IsCountedInTheWindowOfItsPrediction_OnceHoweverOftenItComes()
    {
        var (feedback, quality) = Stores();
        var at = clock.GetUtcNow();
        await SaveAsync(Predicted("a", 3), Predicted("b", 4));
        clock.Advance(TimeSpan.FromMinutes(10));

        foreach (var _ in (int[])[1, 2]) Assert.Equal(new FeedbackResult(2, 0), await AcceptAsync(feedback, Label("a", 3), Label("b", 5)));

        var slot = Assert.Single(await quality.ReadAsync(model, "1.0.0", QualityWindow.Slots(SlotSize.Minute, at.AddMinutes(-5), clock.GetUtcNow())));
        Assert.Equal(Slot.Of(SlotSize.Minute, at), slot.Slot);
        Assert.Equal((2, 1, 1, 1), (slot.Of()["n"], slot.Of()["w"], slot.Of()["c:3:3"], slot.Of()["c:5:4"]));
        Assert.Equal((2, 0), (slot.Of("stable")["n"], slot.Of("canary")["n"]));
    }

    [Fact]
    public async Task Feedback_OfOneLimitedToOtherModels_IsNotJoined_BeforeNorAfterThePrediction()
    {
        var (feedback, quality) = Stores();
        await SaveAsync(Predicted("a", 3));
        FeedbackItem Foreign(string request) => Label(request, 3) with { Models = ["another"] };

        Assert.Equal(new FeedbackResult(0, 1), await AcceptAsync(feedback, Foreign("a")));
        Assert.Equal(new FeedbackResult(0, 1), await AcceptAsync(feedback, Foreign("b")));
        await SaveAsync(Predicted("b", 3));
        await feedback.JoinHeldAsync(new HashSet<string> { Id("b") });
        Assert.Equal(new FeedbackResult(1, 0), await AcceptAsync(feedback, Label("a", 3) with { Models = [model] }));

        Assert.Equal(1, (await SumAsync(quality))["n"]);
    }

    [Fact]
    public async Task Correction_TakesBackWhatWasCounted_AndALateOldLabelDoesNot()
    {
        var (feedback, quality) = Stores();
        await SaveAsync(Predicted("a", 3));

        await AcceptAsync(feedback, Label("a", 5));
        clock.Advance(TimeSpan.FromSeconds(5));
        await AcceptAsync(feedback, Label("a", 3));
        await AcceptAsync(feedback, Label("a", 7) with { At = clock.GetUtcNow().AddHours(-1) });

        var counts = await SumAsync(quality);
        Assert.Equal((1, 0, 1, 0, 0), (counts["n"], counts["w"], counts["c:3:3"], counts["c:5:3"], counts["c:7:3"]));
    }

    [Fact]
    public async Task Labels_OfManyAtOnce_ForTheSamePrediction_AreCountedAsOne()
    {
        var (feedback, quality) = Stores();
        await SaveAsync(Predicted("a", 3, 3, 3));
        var start = clock.GetUtcNow();

        await Task.WhenAll(Enumerable.Range(0, 60).Select(i => Task.Run(() =>
            AcceptAsync(feedback, new FeedbackItem(Id("a"), [i % 7, 3, i % 2], "spend", i % 5, start.AddSeconds(i % 11))))));

        var counts = await SumAsync(quality);
        Assert.Equal(3, counts["n"]);
        Assert.Equal(3, counts.All.Where(counter => counter.Key.StartsWith("c:", StringComparison.Ordinal)).Sum(counter => counter.Value));
        Assert.Equal(1, OutcomeMoments.Of(counts, "spend").Count);
    }

    [Fact]
    public async Task Label_BeforeItsPrediction_IsHeldAndJoinedThen()
    {
        var (feedback, quality) = Stores();

        Assert.Equal(new FeedbackResult(0, 1), await AcceptAsync(feedback, Label("a", 3)));
        await SaveAsync(Predicted("a", 3));
        Assert.Equal([Id("a")], await feedback.JoinHeldAsync(new HashSet<string> { Id("a"), Id("b") }));
        await feedback.JoinHeldAsync(new HashSet<string> { Id("a") });

        Assert.Equal(1, (await SumAsync(quality))["n"]);
    }

    [Fact]
    public async Task Label_OfARequestThatNobodyKnows_IsUnmatched()
    {
        var (feedback, _) = Stores();
        await SaveAsync(Predicted("a", 3));

        Assert.Equal(new FeedbackResult(1, 1), await AcceptAsync(feedback, Label("a", 3), Label("nobody", 3)));
    }

    [Fact]
    public async Task Label_WhosePredictionIsStillInMemory_IsAcceptedAfterTheFlush()
    {
        var (feedback, quality) = Stores();

        var outcome = await feedback.AcceptAsync([Label("a", 3)], () => SaveAsync(Predicted("a", 3)));

        Assert.Equal((1, 1), (outcome.Value!.Accepted, (await SumAsync(quality))["n"]));
    }

    [Fact]
    public async Task Label_ByTheIdInTheBody_IsJoinedToo()
    {
        var (feedback, quality) = Stores();
        var prediction = Predicted("a", 3);
        await SaveAsync(prediction with { Answer = prediction.Answer with { Id = Id("own") } });

        await AcceptAsync(feedback, Label("own", 3));
        await AcceptAsync(feedback, Label("a", 3));

        Assert.Equal(1, (await SumAsync(quality))["n"]);
    }

    [Fact]
    public async Task Prediction_OfAnIdThatWasUsed_IsNotKept()
    {
        var store = new SealedStores(redis.Connection, clock).Predictions;

        Assert.Empty(await store.SaveAsync([Predicted("a", 3)]));
        Assert.Equal([Id("a")], (await store.SaveAsync([Predicted("a", 4), Predicted("b", 5)])).Select(prediction => prediction.RequestId));

        Assert.Equal(3, (await store.LoadAsync([Id("a")]))[Id("a")].Answer.Items[0].Value);
    }

    [Fact]
    public async Task Prediction_IsGoneAfterItsTime()
    {
        var store = new SealedStores(redis.Connection, clock).Predictions;
        await store.SaveAsync([Predicted("a", 3) with { ExpiresAt = clock.GetUtcNow() }, Predicted("b", 3)]);

        Assert.Equal([Id("b")], (await store.LoadAsync([Id("a"), Id("b")])).Keys);
    }

    [Fact]
    public async Task Label_ThatDoesNotFit_RefusesAllOfThem()
    {
        var (feedback, quality) = Stores();
        await SaveAsync(Predicted("a", 3), Predicted("b", 3));

        var outcome = await feedback.AcceptAsync([Label("a", 3), Label("b", 2.5)], () => Task.CompletedTask);

        Assert.Equal("items[1].label", outcome.Refusal?.Field);
        Assert.Equal(0, (await SumAsync(quality))["n"]);
    }

    [Fact]
    public async Task Outcomes_HaveTheirMoments_AndOnlySoManyNames()
    {
        var (feedback, quality) = Stores();
        await SaveAsync(Predicted("a", 3), Predicted("b", 3), Predicted("c", 3));
        foreach (var (request, value) in new[] { ("a", 1.5), ("b", -2.0), ("b", -2.0) })
            await AcceptAsync(feedback, new FeedbackItem(Id(request), null, "spend", value, clock.GetUtcNow()));

        Assert.Equal(new OutcomeMoments(2, -0.5, 6.25), OutcomeMoments.Of(await SumAsync(quality), "spend"));

        for (var i = 1; i < LabelRules.MaxMetrics; i++) await AcceptAsync(feedback, new FeedbackItem(Id("c"), null, $"metric-{i}", 1, clock.GetUtcNow()));
        var outcome = await feedback.AcceptAsync([new FeedbackItem(Id("c"), null, "one-more", 1, clock.GetUtcNow())], () => Task.CompletedTask);
        Assert.Equal("items[0].metric", outcome.Refusal?.Field);
        Assert.Equal(LabelRules.MaxMetrics, (await feedback.MetricsAsync(model, "1.0.0")).Count);
    }

    [Fact]
    public async Task Joined_TellsTheRouteTheUnitAndWhatChanged()
    {
        var (feedback, _) = Stores();
        var heard = new List<JoinedFeedback>();
        feedback.Joined += heard.Add;
        await SaveAsync(Predicted("a", 3) with { Route = "arm:blue", Unit = "0123" });

        await AcceptAsync(feedback, Label("a", 3));
        await AcceptAsync(feedback, Label("a", 3));

        var joined = Assert.Single(heard);
        Assert.Equal(("arm:blue", "0123", 1, 0), (joined.Prediction.Route, joined.Prediction.Unit, joined.Counts["n"], joined.Counts["w"]));
    }

    [Fact]
    public async Task Counts_OfARepeatedStep_AreAddedOnce()
    {
        var (_, quality) = Stores();
        var counts = new QualityCounts();
        counts.Add(CounterNames.Predicted, 5);

        foreach (var _ in (int[])[1, 2]) await quality.AddAsync(model, model, "1.0.0", "stable", clock.GetUtcNow(), counts);

        Assert.Equal(5, (await SumAsync(quality))["p"]);
    }

    [Fact]
    public async Task FineSlots_HoldWhatRolloutsAsk_AndNoMatrix()
    {
        var (feedback, quality) = Stores();
        await SaveAsync(Predicted("a", 3));
        await AcceptAsync(feedback, Label("a", 4));

        var slot = Assert.Single(await quality.ReadAsync(model, "1.0.0", QualityWindow.Slots(SlotSize.TenSeconds, clock.GetUtcNow(), clock.GetUtcNow().AddSeconds(1))));

        Assert.Equal(["n", "w"], slot.Of("stable").All.Select(counter => counter.Key).Order());
    }

    private (FeedbackStore Feedback, QualityStore Quality) Stores() =>
        (new SealedStores(redis.Connection, clock).Feedback, new QualityStore(redis.Connection, clock));

    private Task<QualityCounts> SumAsync(QualityStore quality) =>
        quality.SumAsync(model, "1.0.0", clock.GetUtcNow().AddHours(-2), clock.GetUtcNow().AddMinutes(1));

    private Task<IReadOnlyList<Prediction>> SaveAsync(params Prediction[] predictions) => new SealedStores(redis.Connection, clock).Predictions.SaveAsync(predictions);

    private static async Task<FeedbackResult> AcceptAsync(FeedbackStore feedback, params FeedbackItem[] items)
    {
        var outcome = await feedback.AcceptAsync(items, () => Task.CompletedTask);
        return outcome.Value ?? throw new InvalidOperationException(outcome.Refusal!.Detail);
    }

    /// <summary>Ids of this test's own, since all tests share a server.</summary>
    private string Id(string request) => $"{model}-{request}";

    private FeedbackItem Label(string request, double label) => new(Id(request), [label], null, null, clock.GetUtcNow());

    private Prediction Predicted(string request, params double[] classes) => new(
        Id(request), model, "1.0.0", "stable", clock.GetUtcNow(), clock.GetUtcNow().AddDays(1),
        new PredictedAnswer(FeedbackKind.Argmax, [.. classes.Select(one => new PredictedItem(one, 0.9, true))], []));
}
