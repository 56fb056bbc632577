using System.Collections.Immutable;
using Platform.Core.Serving;

namespace Platform.Core.Quality;

/// <summary>What a model said of one item.</summary>
/// <param name="Value">The class's number, -1 for none; or the value itself.</param>
/// <param name="Confidence">Probability of that class as the model gave it; null where its scores are no probabilities.</param>
/// <param name="IsFinite">False where the output held a NaN or an infinity.</param>
public readonly record struct PredictedItem(double Value, double? Confidence, bool IsFinite);

/// <summary>What a model said of all items of a request, without a word of what was asked.</summary>
/// <param name="Mass">Sum over the items of each class's probability; empty where that is not known or there are too many classes.</param>
/// <param name="Id">The id in the request's body, if the client gave one.</param>
public sealed record PredictedAnswer(
    FeedbackKind Kind, ImmutableArray<PredictedItem> Items, ImmutableArray<double> Mass, string? Id = null)
{
    /// <summary>Items of one request that are remembered; of a larger one none is.</summary>
    public const int MaxItems = 4096;

    /// <summary>Classes whose masses travel with an answer.</summary>
    public const int MaxMasses = 32;

    public bool IsClass => Kind is not FeedbackKind.Value;
}

/// <summary>A remembered prediction: who said it, when, and what. Names no person and holds nothing of the request.</summary>
/// <param name="At">When it was answered; what it is counted under.</param>
/// <param name="ExpiresAt">After this no label is joined to it.</param>
/// <param name="Unit">Keyed hash of the routing key, where the call had one.</param>
/// <param name="Subject">Keyed hash of the person it is about, where the call named one; what an erasure looks for.</param>
public sealed record Prediction(
    string RequestId,
    string Model,
    string Version,
    string Route,
    DateTimeOffset At,
    DateTimeOffset ExpiresAt,
    PredictedAnswer Answer,
    string? Unit = null,
    string? Subject = null);
