using Platform.Core.Batching;
using Platform.Core.Serving;

namespace Platform.Worker.Serving;

/// <summary>What is known of a version's batches: measured when it was loaded, learnt on while it serves.</summary>
internal sealed class VersionProfile(BatchSafety safety, string? detail, LatencyCurve curve)
{
    /// <summary>Choosing costs more than learning, and nothing changes from one run to the next.</summary>
    private const int ChooseEvery = 256;
    private readonly Lock gate = new();
    private int observed;
    private volatile int choice = safety == BatchSafety.Safe ? BatchChoice.Choose(curve.Points, null, TimeSpan.MaxValue) : 1;

    public BatchSafety Safety => safety;

    public string? Detail => detail;

    public int Choice => choice;

    /// <summary>Milliseconds of a run of one item; null where it was not measured.</summary>
    public double? SingleMs { get; } = curve.Points is [{ BatchSize: 1 } one, ..] ? one.RunMs : null;

    /// <summary>For a version whose requests never share a run.</summary>
    public static VersionProfile Never(BatchSafety reason, string? detail = null, LatencyCurve? curve = null) =>
        new(reason, detail, curve ?? new LatencyCurve());

    public BatchLimits LimitsFor(DeploymentConfig config)
    {
        if (safety != BatchSafety.Safe) return BatchLimits.Unbatched;
        if (config.Batching is not { } batching) return new BatchLimits(LatencyCurve.Sizes[^1], choice, TimeSpan.Zero, default);
        return new BatchLimits(
            batching.MaxBatchSize ?? LatencyCurve.Sizes[^1], batching.MaxBatchSize ?? choice, batching.MaxQueueDelay ?? TimeSpan.Zero,
            batching.Preferred.AsMemory());
    }

    public void Observe(int size, TimeSpan run, TimeSpan timeout)
    {
        if (safety != BatchSafety.Safe) return;
        lock (gate)
        {
            curve.Observe(size, run);
            // A request may have to let one run pass before its own, so two of them must fit into its time.
            if (++observed % ChooseEvery == 0) choice = BatchChoice.Choose(curve.Points, choice, timeout / 2);
        }
    }

    public BatchProfile Report(ServedVersion version)
    {
        var limits = LimitsFor(version.Config);
        lock (gate)
        {
            return new BatchProfile(
                version.Id.Model, version.Id.Version, version.Model.Device, version.Model.Threads, safety == BatchSafety.Safe, safety, detail, curve.Points, choice,
                limits.Target, safety == BatchSafety.Safe ? limits.MaxSize : null, version.Config.Batching);
        }
    }
}
