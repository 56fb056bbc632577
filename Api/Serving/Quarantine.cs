using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Platform.Core.Caching;
using Platform.Core.Protection;
using Platform.Core.Serving;
using Platform.SharedState;
using Platform.SharedState.Protection;

namespace Platform.Api.Serving;

/// <summary>
/// Requests that workers went down with. Nothing is worked out of a request while none of its kind is known, so that
/// ordinary traffic pays nothing.
/// </summary>
internal sealed partial class Quarantine(
    QuarantineStore store, FindingCounts findings, IOptions<QuarantineOptions> options, TimeProvider clock, ILogger<Quarantine> logger) : BackgroundService
{
    private static readonly FrozenDictionary<string, QuarantinedRequest> Empty = FrozenDictionary<string, QuarantinedRequest>.Empty;
    private readonly ConcurrentDictionary<string, SemaphoreSlim> turns = new();
    private readonly ConcurrentDictionary<string, HashSet<string>> marks = new();
    private volatile FrozenDictionary<string, QuarantinedRequest> held = Empty;
    private bool isLost;

    /// <summary>The entry that keeps this request from workers, or null.</summary>
    public QuarantinedRequest? Find(InferenceCall call, PlacedVersion placed)
    {
        var known = held;
        if (known.Count == 0 || !known.Values.Any(request => request.Model == call.Model && request.Version == placed.Version)) return null;
        if (!known.TryGetValue(DigestOf(call, placed), out var found) || found.Until <= clock.GetUtcNow()) return null;
        findings.Add(call.Model, placed.Version, ProtectionReason.Quarantined);
        return found;
    }

    /// <summary>Notes that a worker went down with it; an entry when that was one too many.</summary>
    public async Task<QuarantinedRequest?> MarkAsync(InferenceCall call, PlacedVersion placed, string worker)
    {
        var digest = DigestOf(call, placed);
        var here = marks.GetOrAdd(digest, _ => []);
        int crashes;
        lock (here)
        {
            here.Add(worker);
            crashes = here.Count;
        }

        crashes = Math.Max(crashes, await TryAsync(() => store.MarkAsync(digest, worker, options.Value.MarkLifetime)) ?? 0);
        if (crashes < QuarantinedRequest.MaxCrashes) return null;
        var now = clock.GetUtcNow();
        var request = new QuarantinedRequest(digest, call.Model, placed.Version, crashes, now, now + options.Value.Lifetime);
        held = held.Values.Append(request).DistinctBy(one => one.Digest).ToFrozenDictionary(one => one.Digest);
        await TryAsync(async () =>
        {
            await store.PutAsync(request);
            return 1;
        });
        LogQuarantined(digest, call.Model, placed.Version, crashes);
        return request;
    }

    /// <summary>A request that was answered did not bring its workers down.</summary>
    public void Answered(InferenceCall call, PlacedVersion placed)
    {
        if (marks.IsEmpty) return;
        var digest = DigestOf(call, placed);
        // Nobody waits for it: a mark that stays is forgotten with time.
        if (marks.TryRemove(digest, out _)) _ = TryAsync(async () =>
        {
            await store.ClearAsync(digest);
            return 1;
        });
    }

    /// <summary>Whose turn it is among the suspected requests of a model.</summary>
    public SemaphoreSlim TurnOf(string model) => turns.GetOrAdd(model, _ => new(1));

    /// <summary>Brings what other Apis found; also after an entry was lifted here.</summary>
    public async Task RefreshAsync()
    {
        held = (await store.ReadAsync()).ToFrozenDictionary(request => request.Digest);
        var suspects = (await store.SuspectsAsync()).ToHashSet(StringComparer.Ordinal);
        foreach (var digest in suspects) marks.GetOrAdd(digest, _ => []);
        foreach (var digest in marks.Keys.Where(digest => !suspects.Contains(digest))) marks.TryRemove(digest, out _);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.RefreshPeriod, clock);
        do
        {
            await TryAsync(async () =>
            {
                await RefreshAsync();
                return 1;
            });
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>Of its inputs, however they are written down; of a body that is out of the ordinary of its bytes.</summary>
    private static string DigestOf(InferenceCall call, PlacedVersion placed)
    {
        int? headerLength = int.TryParse(call.HeaderLength, NumberStyles.None, CultureInfo.InvariantCulture, out var length) ? length : null;
        return CacheKey.TryDigestInputs(call.Model, placed.Version, placed.Artifact.Sha256, call.Body.Span, headerLength)
            ?? Convert.ToHexStringLower(SHA256.HashData([.. Encoding.UTF8.GetBytes($"{call.Model}@{placed.Version}\n"), .. SHA256.HashData(call.Body.Span)]));
    }

    private async Task<int?> TryAsync(Func<Task<int>> talk)
    {
        try
        {
            var done = await talk();
            isLost = false;
            return done;
        }
        catch (Exception e) when (RedisFault.Is(e))
        {
            // This Api goes by what it saw itself.
            if (!isLost) LogLost(RedisFault.Describe(e));
            isLost = true;
            return null;
        }
    }

    [LoggerMessage(LogLevel.Error, "A request to {Model} {Version} was put in quarantine as {Digest}: {Crashes} workers went down while they ran it.")]
    private partial void LogQuarantined(string digest, string model, string version, int crashes);

    [LoggerMessage(LogLevel.Warning, "The quarantine cannot be shared by way of Redis ({Reason}); this Api goes by its own.")]
    private partial void LogLost(string reason);
}
