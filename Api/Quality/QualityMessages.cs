using System.Collections.Immutable;
using Platform.Core.Quality;

namespace Platform.Api.Quality;

/// <summary>How good a version's predictions of a window are, as far as labels came for them.</summary>
/// <param name="From">Beginning of the window; both its ends are rounded to whole minutes, to hours where minutes are forgotten.</param>
/// <param name="Predictions">Items answered in the window.</param>
/// <param name="NotKept">Of those: no label can come for them (sampled out, no room, or a request id that was used before).</param>
/// <param name="Labelled">Of those: a label came.</param>
/// <param name="Coverage">Labelled ÷ predictions. Every figure on labels has to be read with it.</param>
/// <param name="NanRate">Share of the predictions whose output was not finite.</param>
/// <param name="Precision">Of class 1 where the prediction is by threshold, else the mean over classes; as are recall and F1.</param>
/// <param name="Bounds">Between what and what accuracy lies, if the items without a label were all wrong, or all right.</param>
/// <param name="Classes">Names of the rows and columns of <paramref name="Confusion"/>.</param>
/// <param name="Confusion">Rows are labels, columns predictions.</param>
/// <param name="Calibration">How far the version's probabilities were off where labels came, over 30 days.</param>
/// <param name="Metrics">Outcomes under names of your own.</param>
public sealed record QualityResponse(
    string Model,
    string Version,
    DateTimeOffset From,
    DateTimeOffset To,
    long Predictions,
    long NotKept,
    long Labelled,
    double Coverage,
    double? NanRate,
    double? Accuracy,
    double? Precision,
    double? Recall,
    double? F1,
    Bounds? Bounds,
    AveragedQuality? Macro,
    AveragedQuality? Weighted,
    ImmutableArray<string>? Classes,
    ImmutableArray<ClassQuality>? ByClass,
    ImmutableArray<ImmutableArray<long>>? Confusion,
    double? Mae,
    double? Rmse,
    EstimateResponse Estimate,
    Calibration Calibration,
    ImmutableSortedDictionary<string, OutcomeResponse>? Metrics);

/// <summary>Quality without labels, estimated from the version's own probabilities (CBPE): no measurement.</summary>
/// <param name="Status">"estimated" or "cannot_estimate".</param>
/// <param name="Reason">Why it cannot be estimated.</param>
/// <param name="Predictions">Items it rests on.</param>
public sealed record EstimateResponse(
    string Status, EstimateReason? Reason, string? Detail, long Predictions, double? Accuracy, double? Precision, double? Recall, double? F1);

/// <param name="Variance">Of a sample; null for fewer than two.</param>
public sealed record OutcomeResponse(long Count, double Mean, double? Variance);
