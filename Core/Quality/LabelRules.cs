using Platform.Core.Results;

namespace Platform.Core.Quality;

/// <summary>What feedback may say, and what of a prediction it may say it.</summary>
public static class LabelRules
{
    public const int MaxItems = 1000;
    public const int MaxIdLength = 128;

    /// <summary>Outcomes of different names that one version may have.</summary>
    public const int MaxMetrics = 32;

    /// <summary>After the last new name they are forgotten, with the last window that could hold them.</summary>
    public static readonly TimeSpan MetricsKeptFor = TimeSpan.FromDays(60);

    /// <summary>Larger numbers have squares that no double can hold.</summary>
    public const double MaxMagnitude = 1e100;

    /// <summary>How far a caller's clock may be ahead; a label from the future could never be corrected.</summary>
    public static readonly TimeSpan MaxAhead = TimeSpan.FromMinutes(5);

    /// <summary>What is wrong with it, whatever it is joined to.</summary>
    /// <param name="field">Path of the item in the body, such as <c>items[3]</c>.</param>
    public static Refusal? Refuse(FeedbackItem item, string field, DateTimeOffset now)
    {
        if (item.RequestId.Length is 0 or > MaxIdLength)
            return Refusal.Invalid($"{field}.request_id", $"Give the X-Request-Id or the id of the answer, 1 to {MaxIdLength} characters.");
        if (item.Metric is { } metric && !Models.Names.IsValid(metric))
            return Refusal.Invalid($"{field}.metric", Models.Names.Rule);
        if (item.Metric is not null && item.Value is null) return Refusal.Invalid($"{field}.value", "Give the metric's value.");
        if (item.Value is { } value && !(Math.Abs(value) <= MaxMagnitude)) return Refusal.Invalid($"{field}.value", $"Give a number of at most {MaxMagnitude:g}.");
        if (item.Labels is null && item.Metric is null) return Refusal.Invalid($"{field}.label", "Give a label, or a metric with its value.");
        if (item.Labels is { } labels && (labels.IsEmpty || labels.Any(label => label is { } number && !(Math.Abs(number) <= MaxMagnitude))))
            return Refusal.Invalid($"{field}.label", $"Give a number of at most {MaxMagnitude:g}, or an array of one an item of the request.");
        return item.At > now + MaxAhead ? Refusal.Invalid($"{field}.at", "Give the time at which it became known, not one to come.") : null;
    }

    /// <summary>What is wrong with it for the prediction that it names.</summary>
    public static Refusal? Refuse(FeedbackItem item, string field, PredictedAnswer answer)
    {
        if (item.Labels is not { } labels) return null;
        if (labels.Length != answer.Items.Length)
            return Refusal.Invalid($"{field}.label", $"The request had {answer.Items.Length} item(s); give an array of as many labels, null where one is not known.");
        return answer.IsClass && labels.Any(label => label is { } number && (number < 0 || number > int.MaxValue || number != Math.Floor(number)))
            ? Refusal.Invalid($"{field}.label", "This model gives classes; give the class's number, from 0.")
            : null;
    }
}
