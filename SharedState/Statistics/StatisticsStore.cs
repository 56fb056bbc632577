using System.Collections.Immutable;
using System.Globalization;
using Platform.Core.Serving;
using StackExchange.Redis;

namespace Platform.SharedState.Statistics;

/// <summary>
/// The platform's inference counters by version. Workers add what they counted, and what was added stays when they go,
/// so that the totals never fall. A version that nobody asked for a month is forgotten.
/// </summary>
public sealed class StatisticsStore(IConnectionMultiplexer redis)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);
    private const string Last = "last";
    private const string Inferences = "inferences";
    private const string Executions = "executions";
    private const string BatchPrefix = "batch:";

    /// <summary>Adds all of it or nothing.</summary>
    public async Task AddAsync(string model, string version, InferenceCounters counted)
    {
        var key = Keys.Statistics(model, version);
        var addition = redis.GetDatabase().CreateTransaction();
        List<Task> steps =
        [
            addition.HashIncrementAsync(key, Inferences, counted.Inferences),
            addition.HashIncrementAsync(key, Executions, counted.Executions),
            .. Add(addition, key, "", counted.Steps),
            .. counted.Batches.SelectMany(batch => Add(addition, key, $"{BatchPrefix}{batch.Key}:", batch.Value)),
            addition.KeyExpireAsync(key, Lifetime),
        ];
        if (counted.LastInference is { } last) steps.Add(addition.HashSetAsync(key, Last, last.ToUnixTimeMilliseconds()));
        await addition.ExecuteAsync();
        await Task.WhenAll(steps);
    }

    public async Task<InferenceCounters> ReadAsync(string model, string version)
    {
        var fields = (await redis.GetDatabase().HashGetAllAsync(Keys.Statistics(model, version)))
            .ToDictionary(field => (string)field.Name!, field => (long)field.Value);
        var batches = fields.Keys.Where(name => name.StartsWith(BatchPrefix, StringComparison.Ordinal))
            .Select(name => int.Parse(name.Split(':')[1], CultureInfo.InvariantCulture)).Distinct();
        return new InferenceCounters(
            fields.TryGetValue(Last, out var last) ? DateTimeOffset.FromUnixTimeMilliseconds(last) : null,
            fields.GetValueOrDefault(Inferences),
            fields.GetValueOrDefault(Executions),
            Read(fields, ""),
            batches.ToImmutableSortedDictionary(size => size, size => Read(fields, $"{BatchPrefix}{size}:")));
    }

    private static IEnumerable<Task> Add(
        ITransaction addition, RedisKey key, string prefix, ImmutableDictionary<CountedStep, CountedTime> steps) =>
        steps.SelectMany(step => (Task[])
        [
            addition.HashIncrementAsync(key, $"{prefix}{step.Key}", step.Value.Count),
            addition.HashIncrementAsync(key, $"{prefix}{step.Key}:ns", step.Value.Nanoseconds),
        ]);

    private static ImmutableDictionary<CountedStep, CountedTime> Read(Dictionary<string, long> fields, string prefix) =>
        Enum.GetValues<CountedStep>().ToImmutableDictionary(
            step => step, step => new CountedTime(fields.GetValueOrDefault($"{prefix}{step}"), fields.GetValueOrDefault($"{prefix}{step}:ns")));
}
