using System.Collections.Concurrent;
using Platform.Core.Quality;
using Platform.Core.Results;
using Platform.SharedState.Privacy;
using Platform.SharedState.Sealing;
using StackExchange.Redis;

namespace Platform.SharedState.Quality;

/// <param name="Accepted">Pieces of feedback whose prediction is known.</param>
/// <param name="Unmatched">Those that name none; they are held for a minute, should the prediction still come.</param>
public sealed record FeedbackResult(int Accepted, int Unmatched);

/// <summary>Feedback that was joined to its prediction.</summary>
/// <param name="Counts">What it changed in the counts of the prediction's window: a correction takes back what was counted.</param>
public sealed record JoinedFeedback(Prediction Prediction, FeedbackItem Feedback, QualityCounts Counts);

/// <summary>Joins what is known later to what was predicted, each piece once however often and in what order it comes.</summary>
public sealed class FeedbackStore
{
    private readonly ConcurrentDictionary<(string Model, string Version, string Metric), bool> metrics = new();
    private readonly IConnectionMultiplexer redis;
    private readonly PredictionStore predictions;
    private readonly LabelStore labels;
    private readonly HeldFeedback held;

    public FeedbackStore(IConnectionMultiplexer redis, PredictionStore predictions, DataSeal seal, SubjectVault subjects, TimeProvider clock)
    {
        (this.redis, this.predictions) = (redis, predictions);
        (labels, held) = (new LabelStore(redis, seal, subjects, clock), new HeldFeedback(redis, seal, clock));
    }

    /// <summary>Raised after feedback was counted, on whichever thread did it.</summary>
    public event Action<JoinedFeedback>? Joined;

    /// <summary>
    /// Runs for all feedback whose prediction is known, repeated ones too, before it is acknowledged: whoever keeps it
    /// elsewhere as well does not lose it with the process.
    /// </summary>
    public event Func<Prediction, FeedbackItem, Task>? Matched;

    /// <summary>All of it, or none when a piece of it does not fit its prediction.</summary>
    /// <param name="flush">Writes the predictions that this process still has in memory.</param>
    public async Task<Outcome<FeedbackResult>> AcceptAsync(IReadOnlyList<FeedbackItem> all, Func<Task> flush)
    {
        var ids = all.Select(item => item.RequestId).ToHashSet();
        var known = await predictions.LoadAsync(ids);
        if (known.Count < ids.Count)
        {
            await flush();
            known = await predictions.LoadAsync(ids);
        }

        // To somebody who is limited to models, a request of another one is a request that is not known.
        var items = all.Where(item => !known.TryGetValue(item.RequestId, out var prediction) || item.Reaches(prediction.Model)).ToList();
        var foreign = all.Count - items.Count;
        for (var i = 0; i < all.Count; i++)
        {
            if (known.TryGetValue(all[i].RequestId, out var prediction) && all[i].Reaches(prediction.Model)
                && await RefuseAsync(all[i], $"items[{i}]", prediction) is { } refusal)
                return refusal;
        }

        await JoinAllAsync(items, known);
        var unmatched = items.Where(item => !known.ContainsKey(item.RequestId)).ToList();
        if (unmatched.Count == 0) return new FeedbackResult(items.Count, foreign);
        await held.HoldAsync(unmatched);
        // The prediction may have been written between the look and the hold, by one who saw nothing held.
        var late = await JoinHeldAsync(unmatched.Select(item => item.RequestId).ToHashSet());
        var stillUnmatched = unmatched.Count(item => !late.Contains(item.RequestId));
        return new FeedbackResult(items.Count - stillUnmatched, stillUnmatched + foreign);
    }

    /// <summary>Joins what was held for these requests; answers for which of them there is a prediction.</summary>
    public async Task<IReadOnlySet<string>> JoinHeldAsync(IReadOnlySet<string> requestIds)
    {
        var waiting = await held.FindAsync(requestIds);
        if (waiting.Count == 0) return new HashSet<string>();
        var known = await predictions.LoadAsync(waiting.Select(item => item.RequestId).ToHashSet());
        var fitting = new List<FeedbackItem>();
        foreach (var item in waiting)
        {
            // Nobody is there any more to be told that it does not fit.
            if (known.TryGetValue(item.RequestId, out var prediction) && item.Reaches(prediction.Model) && await RefuseAsync(item, "", prediction) is null)
                fitting.Add(item);
        }

        await JoinAllAsync(fitting, known);
        if (known.Count > 0) await held.ForgetAsync([.. known.Keys]);
        return known.Keys.ToHashSet();
    }

    /// <summary>The names of a version's outcomes.</summary>
    public async Task<IReadOnlyList<string>> MetricsAsync(string model, string version) =>
        [.. (await redis.GetDatabase().SetMembersAsync(Keys.OutcomeNames(model, version))).Select(name => (string)name!).Order(StringComparer.Ordinal)];

    private Task JoinAllAsync(IEnumerable<FeedbackItem> items, IReadOnlyDictionary<string, Prediction> known) => Task.WhenAll(
        items.Where(item => known.ContainsKey(item.RequestId)).GroupBy(item => known[item.RequestId].RequestId).Select(async group =>
        {
            foreach (var item in group) await JoinAsync(known[item.RequestId], item);
        }));

    private async Task JoinAsync(Prediction prediction, FeedbackItem item)
    {
        foreach (var follower in Matched?.GetInvocationList() ?? []) await ((Func<Prediction, FeedbackItem, Task>)follower)(prediction, item);
        LabelJoin join;
        KnownLabels? known;
        do
        {
            known = await labels.LoadAsync(prediction);
            // Erased since the prediction was read: nothing more is said of that person.
            if (known is null) return;
            join = LabelJoin.Of(prediction.Answer, item, known.Said);
            if (join.Changes.IsEmpty) return;
        }
        while (!await labels.TryJoinAsync(prediction, known, join));
        if (!join.Counts.IsEmpty) Joined?.Invoke(new JoinedFeedback(prediction, item, join.Counts));
    }

    private async Task<Refusal?> RefuseAsync(FeedbackItem item, string field, Prediction prediction)
    {
        if (LabelRules.Refuse(item, field, prediction.Answer) is { } refusal) return refusal;
        if (item.Metric is not { } metric || metrics.ContainsKey((prediction.Model, prediction.Version, metric))) return null;
        var database = redis.GetDatabase();
        var key = Keys.OutcomeNames(prediction.Model, prediction.Version);
        if (!await database.SetContainsAsync(key, metric) && await database.SetLengthAsync(key) >= LabelRules.MaxMetrics)
        {
            return new Refusal(
                RefusalReason.CheckFailed, $"{prediction.Model} {prediction.Version} has {LabelRules.MaxMetrics} metrics already. Use one of those.", $"{field}.metric");
        }

        await database.SetAddAsync(key, metric);
        await database.KeyExpireAsync(key, LabelRules.MetricsKeptFor);
        metrics[(prediction.Model, prediction.Version, metric)] = true;
        return null;
    }
}
