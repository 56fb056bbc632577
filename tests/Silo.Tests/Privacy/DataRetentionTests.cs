using Orleans.Runtime;
using Platform.Contracts.Jobs;
using Platform.Contracts.Privacy;
using Platform.Core.Jobs;
using Platform.Core.Privacy;
using Platform.Core.Quality;
using Platform.Core.Results;
using Platform.Core.Serving;
using Platform.SharedState.Jobs;
using Platform.SharedState.Lineage;
using Platform.SharedState.Sealing;
using Platform.Silo.Jobs;
using Platform.Tests;

namespace Platform.Silo.Tests.Privacy;

public sealed class DataRetentionTests(Cluster cluster)
{
    private const string Reminder = "sweep";
    private readonly string prefix = Guid.NewGuid().ToString("n");

    private SealedStores Stores => new(cluster.Redis, TimeProvider.System, cluster.Service<DataSeal>());

    private IDataRetentionGrain Grain => cluster.Grain<IDataRetentionGrain>(IDataRetentionGrain.Key);

    [Fact]
    public async Task Policy_HasItsReminder_WhichRemovesWhatIsOlderAndNothingElse()
    {
        await Grain.EnsureAsync();
        Assert.Contains(await cluster.RemindersAsync(Grain), reminder => reminder.ReminderName == Reminder);
        var now = TimeProvider.System.GetUtcNow();
        await Stores.Predictions.SaveAsync([Predicted("old", now.AddHours(-2)), Predicted("young", now)]);
        await Stores.Requests.AddAsync([new(Id("old"), Answered(now.AddHours(-2)))], TimeSpan.FromHours(1));
        await SetAsync(new DataRetention(Predictions: TimeSpan.FromHours(1)));
        try
        {
            await Cluster.RemindAsync(Grain, Reminder);
        }
        finally
        {
            await SetAsync(new DataRetention());
        }

        Assert.Equal([Id("young")], (await Stores.Predictions.LoadAsync([Id("old"), Id("young")])).Keys);
        Assert.NotNull(await Stores.Requests.FindAsync(Id("old")));
        Assert.Equal(1, (await Grain.GetAsync()).Removed);
        await Cluster.RemindAsync(Grain, Reminder);
        Assert.Equal(0, (await Grain.GetAsync()).Removed);
    }

    [Fact]
    public async Task Policy_OfJobs_RemovesThoseThatEndedLongerAgo()
    {
        var (name, _) = await cluster.NewModelAsync();
        var now = TimeProvider.System.GetUtcNow();
        var (old, young) = (await EndedAsync(name, now.AddHours(-2)), await EndedAsync(name, now));
        await SetAsync(new DataRetention(Jobs: TimeSpan.FromHours(1)));
        try
        {
            await Cluster.RemindAsync(Grain, Reminder);
        }
        finally
        {
            await SetAsync(new DataRetention());
        }

        Assert.Equal(1, (await Grain.GetAsync()).Removed);
        Assert.Null(await cluster.Grain<IJobGrain>(old).GetAsync());
        Assert.NotNull(await cluster.Grain<IJobGrain>(young).GetAsync());
        await cluster.Grain<IJobGrain>(young).ForgetAsync(null);
    }

    private async Task<string> EndedAsync(string name, DateTimeOffset at)
    {
        var job = Guid.CreateVersion7().ToString("n");
        var state = JobState.Create(job, new JobConfig(name, null, "jsonl", null, "jsonl", null, 5, null), null, "ann", at).Cancel("ann", at, null);
        await cluster.Storage.WriteStateAsync("job", cluster.Grain<IJobGrain>(job).GetGrainId(), new GrainState<JobRecord>(new() { Job = state with { Released = true } }));
        await cluster.Service<JobIndex>().AddAsync(job, name);
        return job;
    }

    [Fact]
    public async Task Policy_ThatIsTooShortOrStale_IsRefused()
    {
        var revision = (await Grain.GetAsync()).Revision;
        var tooShort = await Grain.SetAsync(new DataRetention(Feedback: TimeSpan.FromSeconds(1)), null);
        var stale = await Grain.SetAsync(new DataRetention(), revision + 1000);

        Assert.Equal((RefusalReason.Invalid, "feedback"), (tooShort.Refusal!.Reason, tooShort.Refusal.Field));
        Assert.Equal(RefusalReason.PreconditionFailed, stale.Refusal!.Reason);
    }

    private async Task SetAsync(DataRetention policy) => Assert.Null((await Grain.SetAsync(policy, null)).Refusal);

    private string Id(string request) => $"{prefix}-{request}";

    private static AnsweredRequest Answered(DateTimeOffset at) => new(at, "m", "1.0.0", "digest", "stable", false, 1, 200, "w", "caller");

    private Prediction Predicted(string request, DateTimeOffset at) => new(
        Id(request), "m", "1.0.0", "stable", at, TimeProvider.System.GetUtcNow().AddHours(1), new PredictedAnswer(FeedbackKind.Argmax, [new PredictedItem(3, 0.9, true)], []));
}
