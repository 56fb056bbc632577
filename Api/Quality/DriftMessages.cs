using System.Collections.Immutable;
using Platform.Core.Drift;

namespace Platform.Api.Quality;

/// <summary>How a version's requests and answers of a window compare with its reference.</summary>
/// <param name="Verdict">Over all features, with the allowance for how many they are.</param>
/// <param name="Items">Items of the window that were looked at.</param>
/// <param name="Score">The largest statistic in units of its threshold; above 1 a feature, taken alone, has drifted.</param>
/// <param name="Level">Probability of a false alarm.</param>
/// <param name="Reference">What it is held against; left out while there is nothing.</param>
public sealed record DriftResponse(
    string Model,
    string Version,
    DriftVerdict Verdict,
    TimeSpan Window,
    long Items,
    double? Score,
    double Level,
    DriftReferenceResponse? Reference,
    ImmutableArray<FeatureDriftResponse>? Inputs,
    ImmutableArray<FeatureDriftResponse>? Outputs);

/// <param name="Source">"validation_dataset" or "first_requests".</param>
/// <param name="Items">Items it is made of.</param>
/// <param name="Target">Items after which it is complete.</param>
public sealed record DriftReferenceResponse(string Source, DateTimeOffset At, long Items, long Target);

/// <param name="Test">"ks" (Kolmogorov-Smirnov) or "psi" (population stability index), which the verdict goes by.</param>
/// <param name="Threshold">For these very sample sizes.</param>
/// <param name="P">How probable so large a statistic is without drift.</param>
/// <param name="Psi">The stability index, whichever test decides.</param>
public sealed record FeatureDriftResponse(
    string Feature, string Test, double? Statistic, double? Threshold, double? P, long N, DriftVerdict Verdict, double? Psi, double? PsiThreshold);
