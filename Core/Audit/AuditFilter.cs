namespace Platform.Core.Audit;

/// <summary>Which entries somebody asks for; what is null is not asked about.</summary>
/// <param name="Action">An action, or the beginning of some with a star at its end: <c>models.*</c>.</param>
/// <param name="Resource">A resource; what lies below it counts too.</param>
/// <param name="From">From that moment on.</param>
/// <param name="To">Before that moment.</param>
public sealed record AuditFilter(string? Actor, string? Action, string? Resource, DateTimeOffset? From, DateTimeOffset? To)
{
    public bool Matches(AuditEntry entry) =>
        IsInTime(entry.At, entry.At)
        && (Actor is null || entry.Actor == Actor)
        && (Action is null || IsAction(entry.Action))
        && (Resource is null || (entry.Resource is { } resource && IsAtOrBelow(resource, Resource)));

    /// <summary>Whether a chunk of that summary may hold an entry that matches.</summary>
    public bool MayMatch(AuditSummary chunk) =>
        IsInTime(chunk.FirstAt, chunk.LastAt)
        && (Actor is null || chunk.Actors is not { } actors || actors.Contains(Actor))
        && (Action is null || chunk.Actions is not { } actions || actions.Any(IsAction))
        && (Resource is null || chunk.Resources is not { } resources || resources.Any(top => IsAtOrBelow(top, AuditSummary.Top(Resource))));

    private bool IsInTime(DateTimeOffset first, DateTimeOffset last) => (From is null || last >= From) && (To is null || first < To);

    private bool IsAction(string action) =>
        Action!.EndsWith('*') ? action.AsSpan().StartsWith(Action.AsSpan(0, Action.Length - 1), StringComparison.Ordinal) : action == Action;

    private static bool IsAtOrBelow(string resource, string asked) =>
        resource.StartsWith(asked, StringComparison.Ordinal) && (resource.Length == asked.Length || resource[asked.Length] == '/');
}
