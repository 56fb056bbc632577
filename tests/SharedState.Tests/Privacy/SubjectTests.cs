using System.Text;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Platform.Core.Experiments;
using Platform.Core.Privacy;
using Platform.Core.Quality;
using Platform.Core.Serving;
using Platform.SharedState.Artifacts;
using Platform.SharedState.Experiments;
using Platform.SharedState.Lineage;
using Platform.SharedState.Sealing;
using Platform.Tests;

namespace Platform.SharedState.Tests.Privacy;

public sealed class SubjectTests(RedisServer redis) : IClassFixture<RedisServer>
{
    private readonly FakeTimeProvider clock = new(TimeProvider.System.GetUtcNow());
    private readonly string person = $"ann-{Guid.NewGuid():n}@example.com";
    private readonly string model = $"m-{Guid.NewGuid():n}";

    private SealedStores Stores => new(redis.Connection, clock);

    private string Subject => Stores.Vault.NameOf(person);

    [Fact]
    public async Task Prediction_OfAPerson_IsThereUntilTheKeyIsGone()
    {
        await Stores.Predictions.SaveAsync([Predicted("a"), Predicted("b") with { Subject = null }]);
        Assert.Equal(2, (await Stores.Predictions.LoadAsync([Id("a"), Id("b")])).Count);

        await Stores.Vault.ShredAsync(Subject, clock.GetUtcNow());

        Assert.Equal([Id("b")], (await Stores.Predictions.LoadAsync([Id("a"), Id("b")])).Keys);
    }

    [Fact]
    public async Task Prediction_OfBeforeTheErasure_IsNotWrittenAfterIt()
    {
        var (before, after) = (Predicted("a"), Predicted("b") with { At = clock.GetUtcNow() + ErasureRules.ClockTolerance + TimeSpan.FromSeconds(1) });
        await Stores.Vault.ShredAsync(Subject, clock.GetUtcNow());

        await Stores.Predictions.SaveAsync([before, after]);

        Assert.Equal([Id("b")], (await Stores.Predictions.LoadAsync([Id("a"), Id("b")])).Keys);
    }

    [Fact]
    public async Task Feedback_OfAnErasedPrediction_FindsNothing()
    {
        await Stores.Predictions.SaveAsync([Predicted("a")]);
        Assert.Equal(1, (await FeedAsync("a", 3)).Accepted);
        await Stores.Vault.ShredAsync(Subject, clock.GetUtcNow());
        await Stores.Records.RemoveAsync(Subject, NoJob);

        Assert.Equal((0, 1), ((await FeedAsync("a", 4)).Accepted, (await FeedAsync("a", 4)).Unmatched));
        // What was held for the prediction finds none either, should a late writer come by.
        await Stores.Predictions.SaveAsync([Predicted("a")]);
        Assert.Empty(await Stores.Feedback.JoinHeldAsync(new HashSet<string> { Id("a") }));
    }

    [Fact]
    public async Task Records_AreCountedAndRemovedWithAllTheirNames()
    {
        var aliased = Predicted("a");
        await Stores.Predictions.SaveAsync([aliased with { Answer = aliased.Answer with { Id = Id("own") } }, Predicted("b")]);
        await FeedAsync("own", 3);
        await Stores.Requests.AddAsync([new(Id("a"), Answered(), Subject), new(Id("c"), Answered())], TimeSpan.FromHours(1));
        var accuracy = new WatchedMetric(Metric.Accuracy, MetricKind.Proportion);
        await Experiments.AddAsync(model, 2, [new("u1", 0) { Subject = Subject, At = clock.GetUtcNow() }, new("u1", 0, accuracy, 1) { Subject = Subject, At = clock.GetUtcNow() }, new("u2", 1)]);
        Assert.Equal(new ErasedCounts(Predictions: 2, Feedback: 1, Requests: 1, Units: 2), await Stores.Records.CountAsync(Subject));

        await Stores.Vault.ShredAsync(Subject, clock.GetUtcNow());
        await Stores.Records.RemoveAsync(Subject, NoJob);

        Assert.Equal(new ErasedCounts(), await Stores.Records.CountAsync(Subject));
        Assert.Null(await Stores.Requests.FindAsync(Id("a")));
        Assert.NotNull(await Stores.Requests.FindAsync(Id("c")));
        Assert.Equal(["u2"], (await redis.Connection.GetDatabase().HashKeysAsync($"experiment:{model}:units")).Select(field => (string)field!));
        var keys = await RedisContents.ReadAsync(redis.Connection);
        var name = Stores.Seal.NameOf(SealPurposes.Prediction, Id("a"));
        Assert.Empty(RedisContents.Find(keys, Encoding.UTF8.GetBytes(name)));
    }

    [Fact]
    public async Task Jobs_AreCountedWhileTheyAreThereAndGivenToWhoDeletesThem()
    {
        string[] jobs = [Id("held"), Id("gone")];
        await Stores.Records.AddAsync(jobs.Select(job => (Subject, new SubjectRecord(SubjectRecordKind.Job, job), clock.GetUtcNow().AddDays(1))));
        await redis.Connection.GetDatabase().HashSetAsync("jobs", jobs[0], model);
        Assert.Equal(new ErasedCounts(Jobs: 1), await Stores.Records.CountAsync(Subject));
        await Assert.ThrowsAsync<IOException>(() => Stores.Records.RemoveAsync(Subject, _ => throw new IOException("The store is away.")));

        // What could not be deleted is still known, so that the next try finds it.
        var asked = new List<string>();
        await Stores.Records.RemoveAsync(Subject, job =>
        {
            asked.Add(job);
            return Task.CompletedTask;
        });

        Assert.Equal(jobs.Order(), asked.Order());
    }

    [Fact]
    public async Task Unit_OfBeforeTheErasure_IsNotCountedAfterIt()
    {
        var before = clock.GetUtcNow();
        await Stores.Vault.ShredAsync(Subject, before);

        await Experiments.AddAsync(model, 2, [new("u1", 0) { Subject = Subject, At = before }, new("u2", 0)]);

        Assert.Equal(["u2"], (await redis.Connection.GetDatabase().HashKeysAsync($"experiment:{model}:units")).Select(field => (string)field!));
    }

    [Fact]
    public async Task Records_BeyondTheirTime_AreNotCounted()
    {
        await Stores.Records.AddAsync([(Subject, new SubjectRecord(SubjectRecordKind.Request, "x"), clock.GetUtcNow().AddMinutes(1))]);
        Assert.Equal(1, (await Stores.Records.CountAsync(Subject)).Requests);
        clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(0, (await Stores.Records.CountAsync(Subject)).Requests);
    }

    [Fact]
    public async Task Rotation_LeavesPredictionsAndLabelsWhereTheyAre()
    {
        await Stores.Predictions.SaveAsync([Predicted("a")]);
        await FeedAsync("a", 3);
        var seal = new DataSeal(new ArtifactOptions { PlatformKey = "the-next-platform-key-of-the-tests-0123456789", RetiredKeys = [SealedStores.PlatformKey] });
        var rotated = new SealedStores(redis.Connection, clock, seal);

        Assert.Equal(3, (await rotated.Predictions.LoadAsync([Id("a")]))[Id("a")].Answer.Items[0].Value);
        var heard = 0;
        var feedback = rotated.Feedback;
        feedback.Joined += _ => heard++;
        await feedback.AcceptAsync([Label("a", 3)], () => Task.CompletedTask);
        Assert.Equal(0, heard);
        Assert.Equal(2, rotated.Vault.NamesOf(person).Count);
        Assert.Contains(Subject, rotated.Vault.NamesOf(person));
    }

    [Fact]
    public async Task NothingMarked_StandsInRedis()
    {
        const string mark = "MARKED-9f3e";
        var prediction = Predicted("a");
        await Stores.Predictions.SaveAsync([prediction with
        {
            RequestId = $"{mark}-request", Unit = UnitHash.Of("secret", model, $"{mark}-routing"), Answer = prediction.Answer with { Id = $"{mark}-own" },
            Subject = Stores.Vault.NameOf($"{mark}-person"),
        }]);
        await Stores.Feedback.AcceptAsync(
            [new FeedbackItem($"{mark}-request", [3], null, null, clock.GetUtcNow()), new FeedbackItem($"{mark}-unknown", [77123.25], null, null, clock.GetUtcNow())], () => Task.CompletedTask);
        await Stores.Requests.AddAsync([new($"{mark}-request", Answered() with { Caller = $"{mark}-caller" })], TimeSpan.FromHours(1));
        await new Platform.SharedState.Caching.SharedAnswers(redis.Connection, Stores.Seal).PutAsync(
            $"{mark}-digest", new(Encoding.UTF8.GetBytes($"{mark}-before"), Encoding.UTF8.GetBytes($"{mark}-after"), null, clock.GetUtcNow()), TimeSpan.FromHours(1));
        await new Platform.SharedState.Idempotency.IdempotencyStore(redis.Connection, Stores.Seal, clock).RememberAsync(
            $"{mark}-key", new("digest", 200, Location: $"/{mark}", Body: Encoding.UTF8.GetBytes($"{mark}-body")));
        await new Platform.SharedState.Limits.SharedBuckets(redis.Connection, Stores.Seal).DrawAsync(
            $"jwt:{mark}-user:1:requests", new(10, TimeSpan.FromMinutes(1)), 0, 1, clock.GetUtcNow());

        var contents = await RedisContents.ReadAsync(redis.Connection);

        Assert.True(contents.Count > 20, "There was hardly anything to look into.");
        Assert.Empty(RedisContents.Find(contents, Encoding.UTF8.GetBytes(mark)));
        Assert.Empty(RedisContents.Find(contents, "77123.25"u8.ToArray()));
        // The looking itself finds what does stand there.
        Assert.NotEmpty(RedisContents.Find(contents, Encoding.UTF8.GetBytes("prediction:")));
        Assert.Single(await Stores.Predictions.LoadAsync([$"{mark}-own"]));
    }

    private ExperimentStore Experiments => new(redis.Connection, Stores.Vault, Stores.Records, Options.Create(new ExperimentOptions()));

    private async Task<Platform.SharedState.Quality.FeedbackResult> FeedAsync(string request, double label) =>
        (await Stores.Feedback.AcceptAsync([Label(request, label)], () => Task.CompletedTask)).Value!;

    private static Task NoJob(string job) => throw new InvalidOperationException("No job is held of the person.");

    private string Id(string request) => $"{model}-{request}";

    private FeedbackItem Label(string request, double label) => new(Id(request), [label], null, null, clock.GetUtcNow());

    private AnsweredRequest Answered() => new(clock.GetUtcNow(), model, "1.0.0", "digest", "stable", false, 1, 200, "w", "caller");

    private Prediction Predicted(string request) => new(
        Id(request), model, "1.0.0", "stable", clock.GetUtcNow(), clock.GetUtcNow().AddDays(1),
        new PredictedAnswer(FeedbackKind.Argmax, [new PredictedItem(3, 0.9, true)], []), Subject: Subject);
}
