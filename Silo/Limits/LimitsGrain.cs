using Microsoft.Extensions.Options;
using Platform.Contracts.Limits;
using Platform.Core.Limits;
using Platform.Core.Results;
using Platform.SharedState.Limits;
using Platform.Silo.Storage;

namespace Platform.Silo.Limits;

internal sealed class LimitsGrain(
    [PersistentState("limits")] IPersistentState<LimitsState> stored, LimitSet published, IOptions<LimitOptions> options) : Grain, ILimitsGrain
{
    private LimitsState Current => stored.State;

    public async Task<Outcome<LimitPolicy>> PutAsync(string subject, LimitPolicy policy, long? expectedRevision)
    {
        if (LimitRules.Refuse(policy) is { } invalid) return invalid;
        var known = Current.Limits.GetValueOrDefault(subject);
        if (Stale(subject, known, expectedRevision) is { } stale) return stale;
        if (known is null && Current.Limits.Count >= options.Value.MaxSubjects)
            return new Refusal(RefusalReason.LimitReached, $"There are {Current.Limits.Count} limits, and Limits:MaxSubjects allows no more.");
        // Of the whole, so that a limit which is lifted and set again is another one and starts with full buckets.
        var next = policy with { Revision = Current.Revision + 1 };
        await WriteAsync(Current with { Limits = Current.Limits.SetItem(subject, next), Revision = Current.Revision + 1 });
        await published.PutAsync(Current.Revision, subject, next);
        return next;
    }

    public Task<Outcome<LimitPolicy>> GetAsync(string subject) =>
        Task.FromResult<Outcome<LimitPolicy>>(Current.Limits.TryGetValue(subject, out var policy) ? policy : Unknown(subject));

    public Task<Page<SubjectLimits>> ListAsync(int pageSize, string? pageToken)
    {
        var rest = Current.Limits
            .Where(limit => pageToken is null || string.CompareOrdinal(limit.Key, pageToken) > 0)
            .Take(pageSize + 1).Select(limit => new SubjectLimits(limit.Key, limit.Value)).ToArray();
        return Task.FromResult(new Page<SubjectLimits>([.. rest.Take(pageSize)], rest.Length > pageSize ? rest[pageSize - 1].Subject : null));
    }

    public async Task<Outcome<LimitPolicy>> RemoveAsync(string subject, long? expectedRevision)
    {
        if (!Current.Limits.TryGetValue(subject, out var known)) return Unknown(subject);
        if (Stale(subject, known, expectedRevision) is { } stale) return stale;
        await WriteAsync(Current with { Limits = Current.Limits.Remove(subject), Revision = Current.Revision + 1 });
        await published.RemoveAsync(Current.Revision, subject);
        return known;
    }

    public async Task ReconcileAsync()
    {
        if (await published.RevisionAsync() != Current.Revision) await published.ReplaceAsync(Current.Revision, Current.Limits);
    }

    private Task WriteAsync(LimitsState next) => stored.WriteAsync(next, DeactivateOnIdle);

    private static Refusal? Stale(string subject, LimitPolicy? known, long? expected) => expected is { } revision && revision != known?.Revision
        ? new Refusal(RefusalReason.PreconditionFailed, $"The limit of {subject} is at etag \"{known?.Revision ?? 0}\", not \"{revision}\". Read it again.")
        : null;

    private static Refusal Unknown(string subject) => Refusal.NotFound($"There is no limit of {subject}.");
}
