using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Platform.Core;
using Platform.Core.Drift;
using Platform.SharedState.Sealing;
using StackExchange.Redis;

namespace Platform.SharedState.Drift;

/// <summary>
/// References for good, and what was counted since in slots of time. Workers add; the bins are the reference's. Their edges
/// are numbers that requests held, so references are sealed; what is counted are whole numbers by bin.
/// </summary>
public sealed class DriftStore(IConnectionMultiplexer redis, DataSeal seal, TimeProvider clock)
{
    private const string Items = "n";
    private static readonly TimeSpan Leaving = TimeSpan.FromHours(1);

    /// <summary>Adds field and amount in turn until as many items are there as the first argument says.</summary>
    private const string FillScript = """
        if tonumber(redis.call('HGET', KEYS[1], 'n') or '0') >= tonumber(ARGV[1]) then return 0 end
        for i = 2, #ARGV, 2 do redis.call('HINCRBY', KEYS[1], ARGV[i], ARGV[i + 1]) end
        return 1
        """;

    public async Task<DriftReference?> FindAsync(string model, string version) =>
        Parse(model, version, await redis.GetDatabase().StringGetAsync(Keys.DriftReference(model, version)));

    /// <summary>Makes it the version's reference unless it has one; answers the one that it has.</summary>
    public async Task<DriftReference> ProposeAsync(string model, string version, DriftReference reference)
    {
        var database = redis.GetDatabase();
        if (await database.StringSetAsync(Keys.DriftReference(model, version), Write(model, version, reference), when: When.NotExists)) return reference;
        return await FindAsync(model, version) ?? reference;
    }

    /// <summary>Makes it the version's reference, whole, in place of any other.</summary>
    public async Task ReplaceAsync(string model, string version, DriftBaseline baseline)
    {
        var database = redis.GetDatabase();
        var before = await FindAsync(model, version);
        await TryFillAsync(baseline.Reference, baseline.Counts);
        await database.StringSetAsync(Keys.DriftReference(model, version), Write(model, version, baseline.Reference));
        if (before is not null && before.Id != baseline.Reference.Id) await database.KeyExpireAsync(Keys.DriftReferenceCounts(before.Id), Leaving);
    }

    /// <summary>Forgets what a version that is gone was held against. What was counted in slots goes with its time.</summary>
    public async Task RemoveAsync(string model, string version)
    {
        if (await FindAsync(model, version) is not { } reference) return;
        var database = redis.GetDatabase();
        // The counts first: while the reference is there, whoever tries again finds them by it.
        await database.KeyDeleteAsync(Keys.DriftReferenceCounts(reference.Id));
        await database.KeyDeleteAsync(Keys.DriftReference(model, version));
    }

    /// <summary>Adds to a reference that is not complete yet; false, and nothing added, when it is.</summary>
    public async Task<bool> TryFillAsync(DriftReference reference, DriftCounts counts) => (int)await redis.GetDatabase().ScriptEvaluateAsync(
        FillScript, [Keys.DriftReferenceCounts(reference.Id)], [reference.Target, .. Fields(counts)]) == 1;

    /// <summary>Adds to the slots of now.</summary>
    public async Task AddAsync(DriftReference reference, DriftCounts counts)
    {
        var database = redis.GetDatabase();
        RedisValue[] fields = [.. Fields(counts)];
        foreach (var slot in DriftWindow.SlotsOf(clock.GetUtcNow()))
        {
            var batch = database.CreateBatch();
            var writes = fields.Chunk(2).Select(Task (pair) => batch.HashIncrementAsync(KeyOf(reference, slot), pair[0], (long)pair[1])).ToList();
            writes.Add(batch.KeyExpireAsync(KeyOf(reference, slot), slot.ExpiresAt.UtcDateTime));
            batch.Execute();
            await Task.WhenAll(writes);
        }
    }

    public async Task<DriftCounts> ReadReferenceAsync(DriftReference reference) =>
        Sum(reference, [await redis.GetDatabase().HashGetAllAsync(Keys.DriftReferenceCounts(reference.Id))]);

    /// <summary>What was counted in the time before now.</summary>
    public async Task<DriftCounts> ReadAsync(DriftReference reference, TimeSpan window)
    {
        var database = redis.GetDatabase();
        return Sum(reference, await Task.WhenAll(
            DriftWindow.Cover(clock.GetUtcNow(), window).Select(slot => database.HashGetAllAsync(KeyOf(reference, slot)))));
    }

    private static RedisKey KeyOf(DriftReference reference, DriftSlot slot) =>
        Keys.DriftSlot(reference.Id, slot.IsHour ? "1h" : "1m", slot.Start.ToUnixTimeSeconds());

    private static IEnumerable<RedisValue> Fields(DriftCounts counts)
    {
        yield return Items;
        yield return counts.Items;
        for (var feature = 0; feature < counts.Bins.Length; feature++)
        {
            for (var bin = 0; bin < counts.Bins[feature].Length; bin++)
            {
                if (counts.Bins[feature][bin] == 0) continue;
                yield return string.Create(CultureInfo.InvariantCulture, $"{feature}:{bin}");
                yield return counts.Bins[feature][bin];
            }
        }
    }

    private static DriftCounts Sum(DriftReference reference, IEnumerable<HashEntry[]> parts)
    {
        var bins = reference.Features.Select(feature => new long[feature.Count]).ToArray();
        var items = 0L;
        foreach (var entry in parts.SelectMany(part => part))
        {
            var name = (string)entry.Name!;
            if (name == Items)
            {
                items += (long)entry.Value;
                continue;
            }

            var colon = name.IndexOf(':', StringComparison.Ordinal);
            bins[int.Parse(name.AsSpan(0, colon), CultureInfo.InvariantCulture)][int.Parse(name.AsSpan(colon + 1), CultureInfo.InvariantCulture)] += (long)entry.Value;
        }

        return new(items, [.. bins.Select(of => of.ToImmutableArray())]);
    }

    private byte[] Write(string model, string version, DriftReference reference) => seal.Seal(
        SealPurposes.DriftReference, NameOf(model, version), JsonSerializer.SerializeToUtf8Bytes(reference, PlatformJson.Options), clock.GetUtcNow());

    private DriftReference? Parse(string model, string version, RedisValue box)
    {
        if (box.IsNullOrEmpty) return null;
        var bytes = (byte[])box!;
        // An earlier release kept them open, and references are kept for good.
        var json = bytes[0] == '{' ? bytes : seal.Open(SealPurposes.DriftReference, NameOf(model, version), bytes);
        return JsonSerializer.Deserialize<DriftReference>(json, PlatformJson.Options);
    }

    private static string NameOf(string model, string version) => $"{model}@{version}";
}
