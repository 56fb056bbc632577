using Platform.Contracts.Models;
using Platform.Core.Models;
using Platform.Core.Results;

namespace Platform.Silo.Models;

internal sealed partial class ModelGrain
{
    private const int MaxTags = 64;

    public async Task<Outcome<ModelView>> SetTagAsync(string tag, string version, string actor)
    {
        if (RefuseTag(tag) is { } refusal) return refusal;
        if (!Resolve(version).Succeeded(out var known, out var unknown))
            return unknown with { Reason = RefusalReason.Invalid, Field = "version" };
        if (Current.Tags.GetValueOrDefault(tag) == known) return Current.ToView(Name);
        if (Current.Tags.Count >= MaxTags && !Current.Tags.ContainsKey(tag))
            return new Refusal(RefusalReason.LimitReached, $"A model has at most {MaxTags} tags. Remove one first.");
        return await MoveTagAsync(tag, known, actor);
    }

    public async Task<Outcome<ModelView>> RemoveTagAsync(string tag, string actor)
    {
        if (RefuseTag(tag) is { } refusal) return refusal;
        if (!Current.Tags.ContainsKey(tag)) return Refusal.NotFound($"{Name} has no tag {tag}.");
        return await MoveTagAsync(tag, null, actor);
    }

    public Task<Outcome<HistoryView>> GetHistoryAsync(DateTimeOffset? at)
    {
        if (!Current.Exists) return Task.FromResult<Outcome<HistoryView>>(Unknown());
        var time = at ?? clock.GetUtcNow();
        return Task.FromResult<Outcome<HistoryView>>(new HistoryView(
            time, ProductionHistory.At(Current.Moves, time), TagHistory.At(Current.TagMoves, time), Current.Moves, Current.TagMoves));
    }

    private Task<ModelView> MoveTagAsync(string tag, string? version, string actor)
    {
        var now = clock.GetUtcNow();
        return SaveAndViewAsync((Current with
        {
            Tags = version is null ? Current.Tags.Remove(tag) : Current.Tags.SetItem(tag, version),
            TagMoves = Current.TagMoves.Add(new TagMove(tag, version, now, actor)),
        }).Changed(now));
    }

    private Refusal? RefuseTag(string tag)
    {
        if (!Current.Exists) return Unknown();
        if (!Names.IsValid(tag)) return Refusal.Invalid("tag", Names.Rule);
        return tag == ModelState.ProductionTag
            ? Refusal.Conflict("The tag production moves by a deployment, rollout or rollback only.")
            : null;
    }
}
