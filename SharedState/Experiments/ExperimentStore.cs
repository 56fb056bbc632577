using System.Globalization;
using Microsoft.Extensions.Options;
using Platform.Core.Experiments;
using Platform.Core.Privacy;
using Platform.Core.Sketches;
using Platform.SharedState.Privacy;
using StackExchange.Redis;

namespace Platform.SharedState.Experiments;

/// <summary>Units and outcomes of experiments, counted by arm as they come. Everyone adds; the experiment's grain reads.</summary>
public sealed class ExperimentStore(IConnectionMultiplexer redis, SubjectVault subjects, SubjectRecords records, IOptions<ExperimentOptions> options)
{
    /// <summary>Items of one run of the script, so that no run keeps Redis from others for long.</summary>
    private const int MaxItems = 250;

    /// <summary>Smallest latency that is told apart from zero, in milliseconds.</summary>
    private const double LeastValue = 1e-3;

    private static readonly DDSketch Buckets = new();

    /// <summary>Longest life of an experiment's keys: its own longest duration, and the time that they are kept after it.</summary>
    private TimeSpan Lifetime => ExperimentRules.LongestDuration + options.Value.UnitsKeptFor;

    /// <summary>Units that an experiment may count.</summary>
    public int MaxUnits => options.Value.MaxUnits;

    /// <summary>Counts each unit and each unit's first outcome of a metric once; the same items again change nothing.</summary>
    public async Task AddAsync(string experiment, int arms, IReadOnlyCollection<UnitOutcome> items)
    {
        var unfit = items.Count(item => !item.Fits);
        var database = redis.GetDatabase();
        foreach (var chunk in (await AdmitAsync(experiment, items.Where(item => item.Fits))).Chunk(MaxItems))
        {
            RedisValue[] head = [arms, MaxUnits, (long)Lifetime.TotalSeconds];
            await database.ScriptEvaluateAsync(
                CountingScript.Text, [Keys.ExperimentUnits(experiment), Keys.ExperimentSums(experiment)], [.. head, .. chunk.SelectMany(Arguments)]);
        }

        if (unfit > 0) await database.HashIncrementAsync(Keys.ExperimentSums(experiment), SumFields.Unfit, unfit);
    }

    /// <summary>All that was counted so far.</summary>
    public async Task<ExperimentCounts> ReadAsync(string experiment, int arms) => SumFields.Read(
        (await redis.GetDatabase().HashGetAllAsync(Keys.ExperimentSums(experiment))).ToDictionary(entry => (string)entry.Name!, entry => (string)entry.Value!),
        arms, Buckets.ValueOf);

    /// <summary>Lets go of the units of an experiment that ended, after a while; what was decided is its grain's.</summary>
    public Task ForgetAsync(string experiment) => Task.WhenAll(
        redis.GetDatabase().KeyExpireAsync(Keys.ExperimentUnits(experiment), options.Value.UnitsKeptFor),
        redis.GetDatabase().KeyExpireAsync(Keys.ExperimentSums(experiment), options.Value.UnitsKeptFor));

    /// <summary>Notes where something of a person will be, and leaves out what is of one who was erased since.</summary>
    private async Task<IReadOnlyCollection<UnitOutcome>> AdmitAsync(string experiment, IEnumerable<UnitOutcome> items)
    {
        var all = items.ToArray();
        var holds = await subjects.HoldAsync(all.Select(item => item.Subject).OfType<string>());
        var kept = all.Where(item => item.Subject is null || (holds.TryGetValue(item.Subject, out var hold) && hold.Admits(item.At))).ToArray();
        await records.AddAsync(kept.Where(item => item.Subject is not null).Select(item =>
            (item.Subject!, new SubjectRecord(SubjectRecordKind.Unit, FieldOf(item), experiment), item.At + Lifetime)));
        return kept;
    }

    /// <summary>Where <see cref="CountingScript"/> keeps it among the units.</summary>
    private static string FieldOf(UnitOutcome item) => item.Metric is not { } metric
        ? item.Unit
        : $"{item.Unit}|{metric.Name}{(item.IsBefore ? Metric.BeforeSuffix : "")}";

    private static RedisValue[] Arguments(UnitOutcome item) =>
    [
        item.Unit, item.Arm.ToString(CultureInfo.InvariantCulture), item.Metric?.Name ?? "", What(item),
        item.Value.ToString("R", CultureInfo.InvariantCulture), Bucket(item),
    ];

    private static string What(UnitOutcome item)
    {
        if (item.Metric is not { } metric) return CountingScript.UnitOnly;
        if (item.IsBefore) return CountingScript.Before;
        return metric.Kind is MetricKind.Proportion ? CountingScript.Proportion : CountingScript.Mean;
    }

    /// <summary>Latencies are kept by how often each came, to a hundredth; ranks need no more.</summary>
    private static string Bucket(UnitOutcome item) => item switch
    {
        { IsBefore: false, Metric.Name: Metric.LatencyMs } => Buckets.KeyOf(Math.Max(LeastValue, item.Value)).ToString(CultureInfo.InvariantCulture),
        _ => "",
    };
}
