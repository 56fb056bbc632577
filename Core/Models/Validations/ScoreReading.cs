using Platform.Core.Serving;

namespace Platform.Core.Models.Validations;

/// <summary>How a single number an item is read: as an estimate, or as the probability of class 1.</summary>
/// <param name="ClassFrom">From here on it says class 1; null where it is an estimate and nothing else.</param>
/// <param name="IsClass">Whether that is known; otherwise labels of 0 and 1 and answers between them show it.</param>
public sealed record ScoreReading(double? ClassFrom = ScoreReading.Half, bool IsClass = false)
{
    private const double Half = 0.5;

    /// <summary>By the deployment's own word, then by the model's task; else the labels tell.</summary>
    public static ScoreReading Of(string? task, FeedbackConfig? feedback) => feedback?.As switch
    {
        FeedbackKind.Threshold => new(feedback.Threshold ?? Half, IsClass: true),
        FeedbackKind.Value => new(ClassFrom: null),
        _ when task?.Contains("regress", StringComparison.OrdinalIgnoreCase) is true => new(ClassFrom: null),
        _ when task?.Contains("classif", StringComparison.OrdinalIgnoreCase) is true => new(IsClass: true),
        _ => new ScoreReading(),
    };
}
