using System.Text;
using Platform.Core.Quality;
using Platform.SharedState.Privacy;
using Platform.SharedState.Sealing;
using StackExchange.Redis;

namespace Platform.SharedState.Quality;

/// <summary>What was said of a prediction, as it was read: a change is made only if it still stands there.</summary>
/// <param name="Name">What it is kept under.</param>
/// <param name="Sealed">Each as it stands in Redis.</param>
/// <param name="Key">Of the person whom the prediction is about.</param>
internal sealed record KnownLabels(string Name, IReadOnlyDictionary<string, Said> Said, IReadOnlyDictionary<string, byte[]> Sealed, SubjectKey? Key);

/// <summary>
/// What was said of predictions, sealed, and with it the counts of their windows: both change together or not at all.
/// </summary>
internal sealed class LabelStore(IConnectionMultiplexer redis, DataSeal seal, SubjectVault subjects, TimeProvider clock)
{
    /// <summary>
    /// KEYS: the labels, then slots. ARGV: when the labels expire (ms); how many changes, and for each name, what must be
    /// there and what replaces it; then for each slot when it expires (s), how many fields, and each with its amount.
    /// </summary>
    private const string JoinScript = """
        local n = tonumber(ARGV[2])
        local at = 3
        for i = 1, n do
          if (redis.call('HGET', KEYS[1], ARGV[at]) or '') ~= ARGV[at + 1] then return 0 end
          at = at + 3
        end
        at = 3
        for i = 1, n do
          redis.call('HSET', KEYS[1], ARGV[at], ARGV[at + 2])
          at = at + 3
        end
        redis.call('PEXPIREAT', KEYS[1], ARGV[1])
        for k = 2, #KEYS do
          local fields = tonumber(ARGV[at + 1])
          local expires = ARGV[at]
          at = at + 2
          for i = 1, fields do
            redis.call('HINCRBY', KEYS[k], ARGV[at], ARGV[at + 1])
            at = at + 2
          end
          redis.call('EXPIREAT', KEYS[k], expires)
        end
        return 1
        """;

    /// <summary>What is remembered of a prediction; null when it is about somebody who was erased.</summary>
    public async Task<KnownLabels?> LoadAsync(Prediction prediction)
    {
        var key = prediction.Subject is { } subject ? (await subjects.FindAsync([subject])).GetValueOrDefault(subject) : null;
        if (prediction.Subject is not null && key is null) return null;
        var names = seal.NamesOf(SealPurposes.Prediction, prediction.RequestId);
        foreach (var name in names)
        {
            var entries = await redis.GetDatabase().HashGetAllAsync(Keys.Labels(name));
            if (entries.Length == 0) continue;
            var boxes = entries.ToDictionary(entry => (string)entry.Name!, entry => (byte[])entry.Value!);
            var said = boxes.Select(box => (box.Key, Text: seal.Open(SealPurposes.Label, Bound(name, box.Key), box.Value, key))).ToArray();
            return said.Any(one => one.Text is null)
                ? null
                : new(name, said.ToDictionary(one => one.Key, one => Said.Parse(Encoding.UTF8.GetString(one.Text!))), boxes, key);
        }

        return new(names[0], new Dictionary<string, Said>(), new Dictionary<string, byte[]>(), key);
    }

    /// <summary>False when somebody else said something of it meanwhile.</summary>
    public async Task<bool> TryJoinAsync(Prediction prediction, KnownLabels known, LabelJoin join)
    {
        var now = clock.GetUtcNow();
        var slots = QualityStore.SlotsOf(prediction.At, now).ToArray();
        List<RedisValue> arguments = [prediction.ExpiresAt.ToUnixTimeMilliseconds(), join.Changes.Length];
        foreach (var change in join.Changes)
        {
            var after = seal.Seal(SealPurposes.Label, Bound(known.Name, change.Name), Encoding.UTF8.GetBytes(change.After.ToString()), now, known.Key);
            arguments.AddRange([change.Name, known.Sealed.TryGetValue(change.Name, out var before) ? before : "", after]);
        }

        foreach (var slot in slots)
        {
            RedisValue[] fields = [.. QualityStore.FieldsOf(prediction.Route, slot, join.Counts)];
            arguments.AddRange([slot.ExpiresAt.ToUnixTimeSeconds(), fields.Length / 2, .. fields]);
        }

        return (int)await redis.GetDatabase().ScriptEvaluateAsync(
            JoinScript,
            [Keys.Labels(known.Name), .. slots.Select(slot => QualityStore.KeyOf(prediction.Model, prediction.Version, slot))],
            [.. arguments]) == 1;
    }

    private static string Bound(string name, string field) => $"{name} {field}";
}
