using System.Collections.Immutable;
using Orleans.Concurrency;
using Platform.Core.Audit;

namespace Platform.Contracts.Audit;

/// <summary>The single writer of the audit log. There is one; key: <see cref="Key"/>.</summary>
[Alias("platform.audit")]
public interface IAuditGrain : IGrainWithStringKey
{
    const string Key = "log";

    /// <summary>
    /// Answers once the entries are in the log for good, in this order; calls that come meanwhile are written together.
    /// An entry whose id the log has already is not written again, so that a call may be repeated. The time of an
    /// entry is put in here.
    /// </summary>
    /// <exception cref="ControlPlaneUnavailableException">They may be in the log or not; repeat the call.</exception>
    [AlwaysInterleave, Alias("append")]
    Task<AuditReceipt> AppendAsync(ImmutableArray<AuditEntry> entries);

    /// <summary>Keeps a checkpoint for good, if one is due.</summary>
    [Alias("checkpoint")]
    Task CheckpointAsync();
}

/// <param name="Size">Entries that the log has at least.</param>
/// <param name="Last">Number of the last of the entries in the log; null where there was none to append.</param>
public sealed record AuditReceipt(long Size, long? Last = null);
