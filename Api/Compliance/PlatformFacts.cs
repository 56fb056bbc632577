using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;
using Platform.Api.Access;
using Platform.Api.Conventions;
using Platform.Contracts.Limits;
using Platform.Contracts.Privacy;
using Platform.Core.Access;
using Platform.Core.Audit;
using Platform.Core.Compliance;
using Platform.Core.Limits;
using Platform.SharedState.Access;
using Platform.SharedState.Artifacts;
using Platform.SharedState.Audit;
using Platform.SharedState.Lineage;
using Platform.SharedState.Privacy;

namespace Platform.Api.Compliance;

/// <summary>Gathers what a report says of the platform as a whole. The audit log is verified for it, all of it.</summary>
internal sealed class PlatformFacts(
    AuditVerification verification, AuditStore audit, AuditKeys auditKeys, IOptions<AuditOptions> auditOptions, IOptions<ArtifactOptions> artifacts,
    IOptions<LineageOptions> lineage, ErasureStore erasures, AtRestProbe probe, PublishedSetFollower<ApiKey> keys, ApiKeyUses uses,
    IOptions<TokenOptions> tokens, IOptions<TrafficOptions> traffic, IConfiguration configuration, IServer server, IClusterClient cluster)
{
    private const int AdvisedBodyBytes = 64 << 20;
    private const int AdvisedBytesPerSecond = 100;
    private static readonly TimeSpan AdvisedHeadersTimeout = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan UnusedAfter = TimeSpan.FromDays(90);

    public async Task<AuditFacts> AuditAsync(CancellationToken cancellation)
    {
        var verdict = await verification.RunAsync(0, cancellation);
        var first = verdict.Entries > 0 && await audit.ReadEntriesAsync(0) is [var bytes, ..] ? AuditEncoding.Decode(bytes)?.At : null;
        var head = await audit.ReadHeadAsync();
        return new(
            verdict.Valid, verdict.Entries, verdict.Reason, first, head is null ? null : auditKeys.Open(head)?.At,
            !string.IsNullOrEmpty(auditOptions.Value.SigningKey) || auditOptions.Value.TrustedKeys.Length > 0);
    }

    public LineageFacts Lineage() => new(lineage.Value.Enabled, lineage.Value.Lifetime, lineage.Value.MaxPerSecond);

    public async Task<PrivacyFacts> PrivacyAsync(CancellationToken cancellation)
    {
        var retention = await cluster.GetGrain<IDataRetentionGrain>(IDataRetentionGrain.Key).GetAsync();
        var sample = await probe.SampleAsync(cancellation);
        return new(
            retention.Policy, retention.SweptAt, await erasures.CountAsync(), await erasures.OldestOpenAsync(), sample.Looked, sample.Unsealed,
            artifacts.Value.RetiredKeys.Length);
    }

    public async Task<AccessFacts> AccessAsync(string model, DateTimeOffset now)
    {
        var active = keys.Records.Values.Where(key => key.StateAt(now) is KeyState.Active).ToArray();
        var used = await uses.ReadAsync(active.Select(key => key.Id));
        var admins = active.Where(key => key.Roles.Contains(Role.Admin)).ToArray();
        var limits = cluster.GetGrain<ILimitsGrain>(ILimitsGrain.Key);
        var listed = await limits.ListAsync(Paging.DefaultSize, null);
        return new(
            active.Length, active.Count(key => key.ExpiresAt is null), admins.Length, admins.Count(key => key.Roles.Contains(Role.Inference)),
            active.Zip(used).Count(pair => now - (pair.Second ?? pair.First.CreatedAt) > UnusedAfter),
            active.Length == 0 ? null : active.Min(key => key.Secrets[0].CreatedAt), tokens.Value.IsOn,
            (await limits.GetAsync(LimitSubject.OfModel(model))).Value is not null, listed.Items.Any(limit => LimitSubject.CallerOf(limit.Subject) is not null));
    }

    public TransportFacts Transport()
    {
        var addresses = server.Features.Get<IServerAddressesFeature>()?.Addresses.Select(BindingAddress.Parse).ToArray() ?? [];
        var isTight = traffic.Value.MaxBodyBytes <= AdvisedBodyBytes && traffic.Value.HeadersTimeout <= AdvisedHeadersTimeout
            && traffic.Value.MinRequestBytesPerSecond >= AdvisedBytesPerSecond;
        return new(
            addresses.All(address => address.Scheme == Uri.UriSchemeHttps), probe.IsOverTls, KestrelEndpoints.ManagementPorts(configuration).Count > 0, isTight,
            addresses.All(IsLoopback));
    }

    private static bool IsLoopback(BindingAddress address) => address.Host is "localhost" or "127.0.0.1" or "[::1]";
}
