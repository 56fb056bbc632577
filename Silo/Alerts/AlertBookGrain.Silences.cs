using System.Collections.Immutable;
using Platform.Core.Alerts.Routing;
using Platform.Core.Results;

namespace Platform.Silo.Alerts;

internal sealed partial class AlertBookGrain
{
    public async Task<Outcome<Silence>> AddSilenceAsync(Silence silence)
    {
        if (Find(silence.Id) is { } same) return same;
        return await WithAsync(silence, Current.Silences);
    }

    public async Task<Outcome<Silence>> ReplaceSilenceAsync(string id, Silence next)
    {
        if (Find(id) is not { } silence) return UnknownSilence(id);
        var now = clock.GetUtcNow();
        // One that is new begins now at the earliest.
        if (!silence.CanBecome(next, now)) return await WithAsync(next.StartsAt < now ? next with { StartsAt = now } : next, Current.Silences.Replace(silence, Ended(silence, now)));
        var changed = silence with { StartsAt = next.StartsAt, EndsAt = next.EndsAt, Comment = next.Comment };
        if (changed.Refuse(now) is { } invalid) return invalid;
        await WriteAsync(Current with { Silences = Current.Silences.Replace(silence, changed) });
        return changed;
    }

    public Task<Outcome<Silence>> GetSilenceAsync(string id) =>
        Task.FromResult<Outcome<Silence>>(Find(id) is { } silence ? silence : UnknownSilence(id));

    public Task<ImmutableArray<Silence>> ListSilencesAsync() => Task.FromResult(Current.Silences);

    public async Task<Outcome<Silence>> ExpireSilenceAsync(string id)
    {
        if (Find(id) is not { } silence) return UnknownSilence(id);
        var ended = Ended(silence, clock.GetUtcNow());
        if (ended != silence) await WriteAsync(Current with { Silences = Current.Silences.Replace(silence, ended) });
        return ended;
    }

    /// <summary>Adds one in the same write that changes the others.</summary>
    private async Task<Outcome<Silence>> WithAsync(Silence silence, ImmutableArray<Silence> others)
    {
        var now = clock.GetUtcNow();
        if (silence.Refuse(now) is { } invalid) return invalid;
        var kept = others.Where(known => known.EndsAt + Silence.ExpiredRetention > now).ToImmutableArray();
        if (kept.Count(known => known.State(now) is not SilenceState.Expired) >= options.Value.MaxSilences)
            return new Refusal(RefusalReason.LimitReached, $"There are {options.Value.MaxSilences} silences, and Alerts:MaxSilences allows no more.");
        // What is over goes first when room is short; the silences in force always have it.
        if (kept.Length >= 2 * options.Value.MaxSilences) kept = kept.Remove(kept.Where(known => known.State(now) is SilenceState.Expired).MinBy(known => known.EndsAt)!);
        await WriteAsync(Current with { Silences = kept.Add(silence) });
        return silence;
    }

    private static Silence Ended(Silence silence, DateTimeOffset now) => silence.State(now) is SilenceState.Expired
        ? silence
        : silence with { StartsAt = silence.StartsAt < now ? silence.StartsAt : now, EndsAt = now };

    private Silence? Find(string id) => Current.Silences.FirstOrDefault(silence => silence.Id == id);

    private static Refusal UnknownSilence(string id) => Refusal.NotFound($"There is no silence {id}.");
}
