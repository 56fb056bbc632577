using Platform.Core.Quality;

namespace Platform.Api.Feedback;

/// <summary>Predictions that are written together. Writing it again, after a failure in the middle, counts nothing twice.</summary>
internal sealed class PredictionBatch(string id)
{
    private readonly Dictionary<WindowOfRoute, QualityCounts> counts = [];
    private readonly List<Prediction> kept = [];

    public string Id => id;

    public IReadOnlyDictionary<WindowOfRoute, QualityCounts> Counts => counts;

    public IReadOnlyList<Prediction> Kept => kept;

    /// <summary>Whether its predictions may have been written in part, so that an id that is there may be its own.</summary>
    public bool HasBegun { get; set; }

    public bool IsEmpty => counts.Count == 0;

    /// <summary>All ids by which feedback may ask for one of them.</summary>
    public HashSet<string> Ids => [.. kept.SelectMany(prediction => new[] { prediction.RequestId, prediction.Answer.Id ?? prediction.RequestId })];

    public void Add(in WaitingPrediction waiting, string secret)
    {
        // A worker of another release may write what this one cannot read; its answers have no predictions here then.
        if (PredictionCodec.Decode(waiting.Predictions) is not { } answer) return;
        Counting.Predicted(CountsOf(WindowOfRoute.Of(waiting)), answer, waiting.IsKept);
        if (!waiting.IsKept) return;
        kept.Add(new Prediction(
            waiting.RequestId, waiting.Model, waiting.Version, waiting.Route, waiting.At, waiting.At + waiting.Ttl, answer,
            waiting.RoutingKey is { Length: > 0 } key ? UnitHash.Of(secret, waiting.Model, key) : null, waiting.Subject));
    }

    public void Add(IReadOnlyDictionary<WindowOfRoute, QualityCounts> others)
    {
        foreach (var (window, other) in others) CountsOf(window).Add(other);
    }

    private QualityCounts CountsOf(WindowOfRoute window)
    {
        if (!counts.TryGetValue(window, out var found)) counts[window] = found = new QualityCounts();
        return found;
    }
}
