using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Platform.Core.Audit;
using Platform.SharedState.Audit;

namespace Platform.Api.Audit;

/// <param name="Entry">Its number in the log, from 0; <c>/v1/audit/proof</c> takes it.</param>
/// <param name="Phase">asked: about to be tried; answered: what came of it; counted: several together. "unreadable" if its bytes were changed.</param>
public sealed record AuditItem(
    long Entry,
    Guid? Id,
    DateTimeOffset? At,
    string Phase,
    string? Actor,
    string? KeyId,
    string? Action,
    string? Resource,
    string? Address,
    int? Status,
    string? Reason,
    string? BodySha256,
    string? Before,
    string? After,
    string? RequestId,
    string? TraceId,
    long? Count)
{
    internal static AuditItem From(FoundEntry found) => found.Entry is { } entry
        ? new(
            found.Index, entry.Id, entry.At, JsonNamingPolicy.SnakeCaseLower.ConvertName(entry.Phase.ToString()), entry.Actor, entry.KeyId, entry.Action,
            entry.Resource, entry.Address, entry.Status, entry.Reason, entry.BodySha256, entry.Before, entry.After, entry.RequestId, entry.TraceId, entry.Count)
        : new(found.Index, null, null, "unreadable", null, null, null, null, null, null, null, null, null, null, null, null, null);
}

/// <param name="FirstBad">The first entry that nobody vouches for; null if all is well.</param>
public sealed record VerifyResponse(
    bool Valid, long Entries, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] long? FirstBad, string? Reason)
{
    internal static VerifyResponse From(LogVerdict verdict) => new(verdict.Valid, verdict.Entries, verdict.FirstBad, verdict.Reason);
}

/// <summary>That an entry is in the log (RFC 6962, section 2.1.1); hashes in hexadecimal.</summary>
/// <param name="Record">The entry's bytes, of which <c>leaf_hash</c> is SHA-256 with a zero byte before them.</param>
/// <param name="Checkpoint">The signed checkpoint with the size and root that the proof leads to.</param>
public sealed record ProofResponse(
    long Entry, long Size, string LeafHash, string Root, ImmutableArray<string> Proof, string Record, string Checkpoint);

/// <summary>That the log of the one size is the beginning of the other (RFC 6962, section 2.1.2); hashes in hexadecimal.</summary>
public sealed record ConsistencyResponse(long From, long To, string FromRoot, string ToRoot, ImmutableArray<string> Proof);
