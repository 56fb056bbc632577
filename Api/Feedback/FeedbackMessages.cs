using System.Collections.Immutable;
using System.Text.Json;
using Platform.Core.Quality;
using Platform.Core.Results;

namespace Platform.Api.Feedback;

/// <summary>What became known of requests that were answered before.</summary>
public sealed record FeedbackRequest(ImmutableArray<FeedbackItemRequest>? Items);

/// <param name="RequestId">The answer's X-Request-Id, or its id.</param>
/// <param name="Label">The true class or value: a number, or an array of one an item of the request with null where it is not known.</param>
/// <param name="Value">The value of the metric; without a metric, the true value.</param>
/// <param name="Metric">An outcome of your own, such as "conversion".</param>
/// <param name="At">When it became known; now, if left out. Of two labels of one item the later one holds.</param>
public sealed record FeedbackItemRequest(string? RequestId, JsonElement? Label, double? Value, string? Metric, DateTimeOffset? At);

/// <param name="Accepted">Items whose request is known; each is counted once, however often it is sent.</param>
/// <param name="Unmatched">Items of requests that are not known (any more); a minute long a prediction may still come for them.</param>
public sealed record FeedbackResponse(int Accepted, int Unmatched);

internal static class FeedbackReading
{
    public static Outcome<List<FeedbackItem>> Read(FeedbackRequest request, DateTimeOffset now)
    {
        if (request.Items is not { IsDefaultOrEmpty: false } items) return Refusal.Invalid("items", $"Give 1 to {LabelRules.MaxItems} items.");
        if (items.Length > LabelRules.MaxItems)
            return new Refusal(RefusalReason.TooLarge, $"Give at most {LabelRules.MaxItems} items at a time; there are {items.Length}.", "items");
        var read = new List<FeedbackItem>(items.Length);
        for (var i = 0; i < items.Length; i++)
        {
            if (items[i] is null) return Refusal.Invalid($"items[{i}]", "Give an object.");
            // What came without a time became known in the order in which it stands here.
            if (!Read(items[i], $"items[{i}]", now.AddTicks(i)).Succeeded(out var item, out var refusal)) return refusal;
            read.Add(item);
        }

        return read;
    }

    private static Outcome<FeedbackItem> Read(FeedbackItemRequest item, string field, DateTimeOffset now)
    {
        if (!ReadLabels(item, field).Succeeded(out var labels, out var unreadable)) return unreadable;
        var read = new FeedbackItem(
            item.RequestId ?? "", labels.Numbers, item.Metric, item.Metric is null ? null : item.Value, item.At?.ToUniversalTime() ?? now);
        return LabelRules.Refuse(read, field, now) is { } refusal ? refusal : read;
    }

    private static Outcome<Labels> ReadLabels(FeedbackItemRequest item, string field)
    {
        if (item.Label is not { ValueKind: not JsonValueKind.Null } label) return new Labels(item is { Metric: null, Value: { } truth } ? [truth] : null);
        if (item is { Metric: null, Value: not null }) return Refusal.Invalid($"{field}.value", "A value beside a label needs the name of its metric.");
        var all = label.ValueKind is JsonValueKind.Array ? label.EnumerateArray().ToImmutableArray() : [label];
        if (all.Length > PredictedAnswer.MaxItems) return Refusal.Invalid($"{field}.label", $"Give at most {PredictedAnswer.MaxItems} labels.");
        var numbers = ImmutableArray.CreateBuilder<double?>(all.Length);
        foreach (var one in all)
        {
            if (ToNumber(one, mayBeNull: label.ValueKind is JsonValueKind.Array) is not { } number)
                return Refusal.Invalid($"{field}.label", "Give a number (a class's number, or the true value), or an array of one an item of the request.");
            numbers.Add(double.IsNaN(number) ? null : number);
        }

        return new Labels(numbers.MoveToImmutable());
    }

    /// <summary>Not a number for a label that is not known; null for what is no label.</summary>
    private static double? ToNumber(JsonElement label, bool mayBeNull) => label.ValueKind switch
    {
        JsonValueKind.Number => label.TryGetDouble(out var number) ? number : null,
        JsonValueKind.True => 1,
        JsonValueKind.False => 0,
        JsonValueKind.Null when mayBeNull => double.NaN,
        _ => null,
    };

    private sealed record Labels(ImmutableArray<double?>? Numbers);
}
