using System.Diagnostics;
using Platform.Core.Serving;
using Platform.ServiceDefaults;
using Platform.Worker.Onnx;
using Platform.Worker.Serving.Drift;
using Platform.Worker.Serving.Protection;

namespace Platform.Worker.Serving;

/// <summary>
/// A loaded version and the number of those who use it. It is born in use by the registry; when the last one lets go,
/// its memory is freed.
/// </summary>
/// <param name="footprint">Bytes of memory that it takes, about.</param>
internal sealed class ServedVersion(VersionId id, OnnxModel model, DeploymentConfig config, VersionProfile profile, long footprint = 0) : IDisposable
{
    private int users = 1;
    private volatile int waiting;
    private int hasFailed;
    private int running;
    private long runs;
    private int requests;

    public VersionId Id => id;

    public OnnxModel Model => model;

    /// <summary>Bytes of memory that it takes, about.</summary>
    public long Footprint => footprint;

    /// <summary>How its batches do.</summary>
    public VersionProfile Profile => profile;

    /// <summary>How it is served now; replaced when the plan says so.</summary>
    public DeploymentConfig Config
    {
        get;
        set
        {
            field = value;
            Predictions = PredictionReader.For(value.Feedback, model);
        }
    } = config;

    /// <summary>Reads what it predicts; null where nobody wants to know, or no output says it.</summary>
    public PredictionReader? Predictions { get; private set; } = PredictionReader.For(config.Feedback, model);

    /// <summary>How its requests and answers are distributed.</summary>
    public DriftSketch Drift { get; } = new(VersionFeatures.Of(model.Interface, FeedbackRules.Read(config.Feedback, model.Signature)));

    /// <summary>What its requests are held against.</summary>
    public VersionProtection Protection { get; } = new();

    /// <summary>Tags of what is measured of it, made once.</summary>
    public TagList Tags { get; } = new()
    {
        { TelemetryNames.ModelTag, id.Model },
        { TelemetryNames.VersionTag, id.Version },
        { TelemetryNames.DeviceTag, model.Device },
    };

    public ServingLimits Limits => Config.Limits ?? DefaultLimits;

    /// <summary>After this a request must not begin to run, if it does not say less itself.</summary>
    public TimeSpan Timeout => Limits.Timeout ?? ServingLimits.DefaultTimeout;

    /// <summary>Requests that wait for an executor; the queue keeps it.</summary>
    public int Waiting
    {
        get => waiting;
        set => waiting = value;
    }

    /// <summary>Runs of it under way; of versions that wait, the one with fewer goes first.</summary>
    public int Running => Volatile.Read(ref running);

    /// <summary>Runs that were begun since it was loaded.</summary>
    public long Runs => Volatile.Read(ref runs);

    /// <summary>Whether another run may begin: one that takes all cores leaves none for a second.</summary>
    public bool CanRun => model.Threads == 1 || Running == 0;

    public void BeginRun()
    {
        Interlocked.Increment(ref running);
        Interlocked.Increment(ref runs);
    }

    public void EndRun() => Interlocked.Decrement(ref running);

    /// <summary>Takes a request into work; false when as many are as may be. Each success needs one <see cref="EndRequest"/>.</summary>
    public bool TryBeginRequest()
    {
        var count = Interlocked.Increment(ref requests);
        if (Limits.MaxConcurrent is not { } most || count <= most) return true;
        EndRequest();
        return false;
    }

    public void EndRequest() => Interlocked.Decrement(ref requests);

    public bool IsFreed => Volatile.Read(ref users) == 0;

    private static ServingLimits DefaultLimits { get; } = new();

    /// <summary>Holds it for one user; false when it is being freed. Each success needs one <see cref="Dispose"/>.</summary>
    public bool TryUse()
    {
        for (var seen = Volatile.Read(ref users); seen > 0;)
        {
            var before = Interlocked.CompareExchange(ref users, seen + 1, seen);
            if (before == seen) return true;
            seen = before;
        }

        return false;
    }

    /// <summary>Lets go of it once.</summary>
    public void Dispose()
    {
        if (Interlocked.Decrement(ref users) == 0) model.Dispose();
    }

    /// <summary>True for the first failure only, so that a broken model does not fill the log.</summary>
    public bool IsFirstFailure() => Interlocked.Exchange(ref hasFailed, 1) == 0;
}
