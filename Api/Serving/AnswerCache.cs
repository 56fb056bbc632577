using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.Extensions.Options;
using Platform.Core.Caching;
using Platform.Core.Serving;
using Platform.ServiceDefaults;
using Platform.SharedState;
using Platform.SharedState.Caching;

namespace Platform.Api.Serving;

/// <summary>
/// Answers to equal requests: from this process, from another Api by way of Redis, or from the request that is being
/// computed just now. Only versions that say so are asked for here.
/// </summary>
internal sealed partial class AnswerCache
{
    public const string Route = "cache";
    private const long Never = long.MinValue;
    private static readonly TimeSpan RedisPatience = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan RedisPause = TimeSpan.FromSeconds(1);
    private readonly Lock gate = new();
    private readonly AnswerStore store;
    private readonly ConcurrentDictionary<string, Flight> flights = new();
    private readonly SharedAnswers shared;
    private readonly CacheCounts counts;
    private readonly CacheOptions options;
    private readonly TimeProvider clock;
    private readonly ILogger<AnswerCache> logger;
    private readonly Counter<long> lookups;
    private long lostAt = Never;

    public AnswerCache(
        SharedAnswers shared, CacheCounts counts, IOptions<CacheOptions> options, IMeterFactory meters, TimeProvider clock, ILogger<AnswerCache> logger)
    {
        (this.shared, this.counts, this.options, this.clock, this.logger) = (shared, counts, options.Value, clock, logger);
        store = new(options.Value.MaxBytes);
        lookups = meters.Create(TelemetryNames.Meter).CreateCounter<long>(TelemetryNames.CacheLookups);
    }

    /// <summary>Null when the version remembers nothing, or the request is not one that can be told from others with certainty.</summary>
    public static Question? Read(InferenceCall call, PlacedVersion placed)
    {
        // What is said of a person is not remembered for others, so that an erasure has nothing to look for here.
        if (call.Subject is not null) return null;
        if (placed.Config.Cache?.Ttl is not { } ttl || ttl <= TimeSpan.Zero || call.ContentEncoding is { Length: > 0 } and not "identity") return null;
        int? headerLength = null;
        if (call.HeaderLength is { } text)
        {
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var length)) return null;
            headerLength = length;
        }

        var key = CacheKey.TryRead(call.Model, placed.Version, placed.Artifact.Sha256, placed.Signature, call.Body.Span, headerLength);
        // Whoever gets less than all of an answer must not be given another's.
        var limit = OutputLimits.Of(call, placed);
        return key is null ? null : new(limit is null ? key.Digest : $"{key.Digest}|{limit}", key.ClientId ?? call.RequestId, call.Model, placed);
    }

    /// <summary>A remembered answer, or that of <paramref name="ask"/>, which one of several equal requests at a time calls.</summary>
    public async Task<(InferenceAnswer Answer, bool IsRemembered)> AskAsync(
        Question question, Func<Task<InferenceAnswer>> ask, CancellationToken deadline)
    {
        var started = clock.GetTimestamp();
        while (true)
        {
            if (FindHere(question.Digest) is { } near && IsFresh(near, question)) return Hit(near, question, "memory", started);
            var own = new Flight();
            var flight = flights.GetOrAdd(question.Digest, own);
            if (flight == own) return await LeadAsync(question, own, ask, started);
            var landed = await WaitAsync(flight, deadline);
            if (landed.Answer is { } shared) return Hit(shared, question, "flight", started);
            // Whoever computed it gave up, so somebody else does; or he was refused, and then each finds out for himself.
            if (landed.WasRefused || deadline.IsCancellationRequested) return (await ask(), false);
        }
    }

    /// <summary>The last answer, however old.</summary>
    public async Task<InferenceAnswer?> FindAnyAsync(Question question) =>
        FindHere(question.Digest) is { } near ? ToAnswer(near, question)
        : await FindThereAsync(question.Digest) is { } far ? ToAnswer(far, question)
        : null;

    private async Task<(InferenceAnswer Answer, bool IsRemembered)> LeadAsync(
        Question question, Flight flight, Func<Task<InferenceAnswer>> ask, long started)
    {
        var landing = new Landing(null, WasRefused: false);
        try
        {
            if (await FindThereAsync(question.Digest) is { } far && IsFresh(far, question))
            {
                landing = new(far, false);
                Remember(question.Digest, far);
                return Hit(far, question, "redis", started);
            }

            counts.Miss(question, clock.GetElapsedTime(started));
            var answer = await ask();
            landing = new(await KeepAsync(question, answer), WasRefused: true);
            Count(question, "miss");
            return (answer, false);
        }
        finally
        {
            flights.TryRemove(KeyValuePair.Create(question.Digest, flight));
            flight.Landed.SetResult(landing);
        }
    }

    /// <summary>The answer without its id if it may be remembered; what a fallback said may not.</summary>
    private async Task<RememberedAnswer?> KeepAsync(Question question, InferenceAnswer answer)
    {
        var config = question.Version.Config;
        if (answer.Status != StatusCodes.Status200OK || answer.Version != question.Version.Version || answer.Route is Degradation.Route or Route
            || answer.Body.Length > config.Cache!.MaxAnswerBytes) return null;
        int? headerLength = answer.HeaderLength is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
        if (RememberedAnswer.TryTake(answer.Body.Span, headerLength, clock.GetUtcNow()) is not { } kept) return null;
        Remember(question.Digest, kept);
        var keep = config.Fallback?.Cache is true && options.KeepForFallback > question.Ttl ? options.KeepForFallback : question.Ttl;
        // Nobody waits for it: an answer that is not shared costs another Api a computation.
        _ = TryRedisAsync(async () =>
        {
            await shared.PutAsync(question.Digest, kept, keep);
            return kept;
        });
        return kept;
    }

    private static async Task<Landing> WaitAsync(Flight flight, CancellationToken deadline)
    {
        try
        {
            return await flight.Landed.Task.WaitAsync(deadline);
        }
        catch (OperationCanceledException)
        {
            // Its own time is up; asking for itself says so in the usual way.
            return new Landing(null, WasRefused: true);
        }
    }

    private bool IsFresh(RememberedAnswer answer, Question question) => clock.GetUtcNow() - answer.At < question.Ttl;

    private RememberedAnswer? FindHere(string digest)
    {
        lock (gate) return store.Find(digest);
    }

    private void Remember(string digest, RememberedAnswer answer)
    {
        lock (gate) store.Put(digest, answer);
    }

    private Task<RememberedAnswer?> FindThereAsync(string digest) => TryRedisAsync(() => shared.FindAsync(digest));

    private async Task<RememberedAnswer?> TryRedisAsync(Func<Task<RememberedAnswer?>> talk)
    {
        var lost = Interlocked.Read(ref lostAt);
        if (lost != Never && clock.GetElapsedTime(lost) < RedisPause) return null;
        try
        {
            var found = await talk().WaitAsync(RedisPatience, clock);
            Interlocked.Exchange(ref lostAt, Never);
            return found;
        }
        catch (Exception e) when (RedisFault.Is(e))
        {
            // Said once; requests go on without it, and only now and then one tries again.
            if (lost == Never) LogLost(RedisFault.Describe(e));
            Interlocked.Exchange(ref lostAt, clock.GetTimestamp());
            return null;
        }
    }

    private (InferenceAnswer Answer, bool IsRemembered) Hit(RememberedAnswer answer, Question question, string where, long started)
    {
        Count(question, where);
        counts.Hit(question, clock.GetElapsedTime(started));
        return (ToAnswer(answer, question), true);
    }

    private void Count(Question question, string outcome) => lookups.Add(
        1, new(TelemetryNames.ModelTag, question.Model), new(TelemetryNames.VersionTag, question.Version.Version), new(TelemetryNames.OutcomeTag, outcome));

    private static InferenceAnswer ToAnswer(RememberedAnswer answer, Question question)
    {
        var (body, jsonBytes) = answer.For(question.Id);
        return new()
        {
            Status = StatusCodes.Status200OK,
            Body = body,
            ContentType = jsonBytes is null ? "application/json" : "application/octet-stream",
            HeaderLength = jsonBytes?.ToString(CultureInfo.InvariantCulture),
            Version = question.Version.Version,
            Route = Route,
        };
    }

    [LoggerMessage(LogLevel.Warning, "Remembered answers cannot be shared by way of Redis ({Reason}); this Api uses its own.")]
    private partial void LogLost(string reason);

    /// <param name="WasRefused">There was an answer, but none that counts for others.</param>
    private readonly record struct Landing(RememberedAnswer? Answer, bool WasRefused);

    private sealed class Flight
    {
        public TaskCompletionSource<Landing> Landed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
