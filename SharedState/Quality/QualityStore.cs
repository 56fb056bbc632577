using System.Collections.Immutable;
using Platform.Core.Quality;
using StackExchange.Redis;

namespace Platform.SharedState.Quality;

/// <summary>Counts of one slot of time, by route.</summary>
public sealed record QualitySlot(Slot Slot, ImmutableDictionary<string, QualityCounts> Routes)
{
    /// <summary>Of one route, or of all of them.</summary>
    public QualityCounts Of(string? route = null) =>
        route is null ? QualityCounts.Sum(Routes.Values) : Routes.GetValueOrDefault(route) ?? new QualityCounts();
}

/// <summary>
/// What is counted of each version's predictions and their labels, in the slots of time in which the predictions were
/// made. Everyone adds; nobody replaces.
/// </summary>
public sealed class QualityStore(IConnectionMultiplexer redis, TimeProvider clock)
{
    private const char Separator = '|';
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(10);
    private static readonly SlotSize[] Sizes = Enum.GetValues<SlotSize>();

    /// <summary>A key, the second of its expiry, and how much to add to which of its fields.</summary>
    private const string AddScript = """
        if redis.call('SET', KEYS[1], '1', 'NX', 'EX', ARGV[1]) then
          for i = 3, #ARGV, 2 do redis.call('HINCRBY', KEYS[2], ARGV[i], ARGV[i + 1]) end
          redis.call('EXPIREAT', KEYS[2], ARGV[2])
        end
        return 1
        """;

    /// <summary>Adds to the slots of that moment; the same <paramref name="step"/> again adds nothing.</summary>
    public async Task AddAsync(string step, string model, string version, string route, DateTimeOffset at, QualityCounts counts)
    {
        var batch = redis.GetDatabase().CreateBatch();
        var additions = SlotsOf(at, clock.GetUtcNow()).Select(slot => Add(batch, $"{step}:{slot.Size}", model, version, route, slot, counts)).ToArray();
        batch.Execute();
        await Task.WhenAll(additions);
    }

    /// <summary>The slots that hold anything.</summary>
    public async Task<ImmutableArray<QualitySlot>> ReadAsync(string model, string version, IReadOnlyCollection<Slot> slots)
    {
        var batch = redis.GetDatabase().CreateBatch();
        var reads = slots.Select(slot => batch.HashGetAllAsync(KeyOf(model, version, slot))).ToArray();
        batch.Execute();
        var read = await Task.WhenAll(reads);
        return [.. slots.Zip(read).Where(pair => pair.Second.Length > 0).Select(pair => new QualitySlot(pair.First, ByRoute(pair.Second)))];
    }

    /// <summary>The sum over [from, to), whose ends are rounded to slots.</summary>
    public async Task<QualityCounts> SumAsync(string model, string version, DateTimeOffset from, DateTimeOffset to, string? route = null)
    {
        var slots = await ReadAsync(model, version, QualityWindow.Cover(from, to, clock.GetUtcNow()));
        return QualityCounts.Sum(slots.Select(slot => slot.Of(route)));
    }

    /// <summary>The slots that a moment is counted in, without those that are forgotten already.</summary>
    internal static IEnumerable<Slot> SlotsOf(DateTimeOffset at, DateTimeOffset now) =>
        Sizes.Select(size => Slot.Of(size, at)).Where(slot => slot.ExpiresAt > now);

    internal static RedisKey KeyOf(string model, string version, Slot slot) => Keys.QualitySlot(
        model, version, slot.Size switch { SlotSize.TenSeconds => "10s", SlotSize.Minute => "1m", _ => "1h" }, slot.Start.ToUnixTimeSeconds());

    /// <summary>Field and amount in turn, of what is kept in slots of that size.</summary>
    internal static IEnumerable<RedisValue> FieldsOf(string route, Slot slot, QualityCounts counts)
    {
        foreach (var (name, amount) in counts.All)
        {
            if (slot.Size is SlotSize.TenSeconds && !CounterNames.IsFine(name)) continue;
            yield return route + Separator + name;
            yield return amount;
        }
    }

    private static Task<RedisResult> Add(IBatch batch, string step, string model, string version, string route, Slot slot, QualityCounts counts) =>
        batch.ScriptEvaluateAsync(
            AddScript, [Keys.Once(step), KeyOf(model, version, slot)],
            [(int)Remembered.TotalSeconds, slot.ExpiresAt.ToUnixTimeSeconds(), .. FieldsOf(route, slot, counts)]);

    private static ImmutableDictionary<string, QualityCounts> ByRoute(HashEntry[] fields)
    {
        var routes = new Dictionary<string, QualityCounts>();
        foreach (var field in fields)
        {
            var name = (string)field.Name!;
            var at = name.IndexOf(Separator, StringComparison.Ordinal);
            if (!routes.TryGetValue(name[..at], out var counts)) routes[name[..at]] = counts = new QualityCounts();
            counts.Add(name[(at + 1)..], (long)field.Value);
        }

        return routes.ToImmutableDictionary();
    }
}
