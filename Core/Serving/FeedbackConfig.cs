namespace Platform.Core.Serving;

/// <summary>What of an output is the prediction.</summary>
public enum FeedbackKind
{
    /// <summary>The class with the highest score; a single whole number is the class itself.</summary>
    Argmax,

    /// <summary>Class 1 when its score reaches the threshold, else class 0.</summary>
    Threshold,

    /// <summary>A number, to be held against the true one.</summary>
    Value,
}

/// <summary>Which predictions of a version are remembered, so that truth that comes later can be joined to them.</summary>
/// <param name="Output">The output that holds the prediction; null takes the first that fits.</param>
/// <param name="As">How it is read; null takes what fits the output.</param>
/// <param name="Threshold">For <see cref="FeedbackKind.Threshold"/>: from which score on it is class 1; null means 0.5.</param>
/// <param name="Sample">Share of the requests that is remembered, 0 to 1; null means all, 0 none.</param>
/// <param name="Ttl">How long a prediction waits for its label; null means a day.</param>
public sealed record FeedbackConfig(
    string? Output = null, FeedbackKind? As = null, double? Threshold = null, double? Sample = null, TimeSpan? Ttl = null);

/// <summary>A version's feedback with nothing left open.</summary>
public sealed record FeedbackReading(string Output, FeedbackKind As, double Threshold, double Sample, TimeSpan Ttl);
