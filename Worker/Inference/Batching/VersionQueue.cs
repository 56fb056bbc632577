using System.Collections.Immutable;
using Platform.Core.Batching;
using Platform.Worker.Inference.Codec;
using Platform.Worker.Serving;

namespace Platform.Worker.Inference.Batching;

/// <summary>Who waits for one version. Its caller sees to it that one thread at a time is here.</summary>
internal sealed class VersionQueue(ServedVersion version)
{
    /// <summary>Whether free dimensions other than the batch exist, in which requests can differ.</summary>
    private readonly bool hasFreeDimensions = version.Model.Interface.Inputs.Any(input => input.Shape.Skip(1).Any(dimension => dimension < 0));

    public ServedVersion Version => version;

    public Batcher<PendingRequest> Batcher { get; } = new();

    public BatchLimits Limits => version.Profile.LimitsFor(version.Config);

    /// <summary>Whether nothing speaks for making it wait.</summary>
    public bool RunsAtOnce(InferRequest request)
    {
        var limits = Limits;
        return Batcher.IsEmpty && request.BatchSize <= limits.MaxSize && (limits.MaxDelay <= TimeSpan.Zero || request.BatchSize >= limits.Target);
    }

    public Admission<PendingRequest> Admit(PendingRequest pending, TimeSpan now, TimeSpan deadline)
    {
        var request = pending.Request;
        pending.Place = new(pending, request.BatchSize, ShapeOf(request), PriorityLevels.Of(request.Priority), now, deadline);
        var admission = Batcher.Admit(pending.Place, version.Limits.MaxQueue, now);
        version.Waiting = Batcher.Waiting;
        return admission;
    }

    public BatchDecision<PendingRequest> Form(TimeSpan now, int idle)
    {
        var decision = Batcher.Form(now, idle, Limits);
        foreach (var slice in decision.Batch) slice.Request.Item.Begin();
        version.Waiting = Batcher.Waiting;
        return decision;
    }

    public IReadOnlyList<QueuedRequest<PendingRequest>> Expire(TimeSpan now)
    {
        var expired = Batcher.Expire(now);
        version.Waiting = Batcher.Waiting;
        return expired;
    }

    public void Remove(PendingRequest pending)
    {
        Batcher.Remove(pending.Place);
        version.Waiting = Batcher.Waiting;
    }

    private ShapeKey? ShapeOf(InferRequest request)
    {
        // An optional input is one request's own and would be everybody's in a shared run.
        if (request.RunsAlone || version.Profile.Safety != BatchSafety.Safe || request.Inputs.Length > version.Model.Interface.Inputs.Length) return null;
        if (!hasFreeDimensions) return ShapeKey.Fixed;
        // The number of dimensions is the model's, so no two lists of them mean different shapes.
        return new ShapeKey([.. request.Inputs.SelectMany(input => input.Shape.Skip(1))]);
    }
}
