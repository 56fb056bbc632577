using Platform.Core.Models;
using Platform.Core.Results;

namespace Platform.Core.Serving;

/// <summary>What <c>config.feedback</c> may say, and what it means when it says less.</summary>
public static class FeedbackRules
{
    public const double DefaultThreshold = 0.5;
    public static readonly TimeSpan DefaultTtl = TimeSpan.FromHours(24);
    public static readonly TimeSpan MinTtl = TimeSpan.FromSeconds(1);

    /// <summary>As long as the windows are kept into which a label is counted.</summary>
    public static readonly TimeSpan MaxTtl = TimeSpan.FromDays(30);

    /// <summary>What is wrong with it whatever the model gives.</summary>
    public static Refusal? Refuse(FeedbackConfig? feedback)
    {
        if (feedback is null) return null;
        if (feedback.Threshold is { } threshold && !double.IsFinite(threshold))
            return Refusal.Invalid("config.feedback.threshold", "Give a number.");
        if (feedback.Threshold is not null && feedback.As is not FeedbackKind.Threshold)
            return Refusal.Invalid("config.feedback.threshold", "A threshold needs \"as\": \"threshold\".");
        if (feedback.Sample is { } sample && !(sample is >= 0 and <= 1))
            return Refusal.Invalid("config.feedback.sample", "Give the share of requests to remember, 0 to 1.");
        return feedback.Ttl is { } ttl && (ttl < MinTtl || ttl > MaxTtl)
            ? Refusal.Invalid("config.feedback.ttl", $"Give {DurationConverter.Format(MinTtl)} to {DurationConverter.Format(MaxTtl)}.")
            : null;
    }

    /// <summary>What is wrong with it for a model that gives these outputs.</summary>
    public static Refusal? Refuse(FeedbackConfig? feedback, ModelSignature signature)
    {
        if (feedback is null || feedback.Sample is 0) return null;
        if (feedback.Output is { } name && signature.Outputs.All(output => output.Name != name))
        {
            return Refusal.Invalid(
                "config.feedback.output", $"The model has no output '{name}'; it has {string.Join(", ", signature.Outputs.Select(output => output.Name))}.");
        }

        if (Read(feedback, signature) is not null) return null;
        return feedback.As is { } kind
            ? Refusal.Invalid("config.feedback.as", $"{Named(feedback)} cannot be read as {kind.ToString().ToLowerInvariant()}: {Needs(kind)}.")
            : Refusal.Invalid("config.feedback.output", $"{Named(feedback)} is neither scores of classes nor one number an item. Leave feedback out.");
    }

    /// <summary>How predictions are read; null where the version wants none or no output fits.</summary>
    public static FeedbackReading? Read(FeedbackConfig? feedback, ModelSignature signature)
    {
        feedback ??= new FeedbackConfig();
        if (feedback.Sample is 0) return null;
        foreach (var output in signature.Outputs)
        {
            if (feedback.Output is not null && output.Name != feedback.Output) continue;
            var kind = feedback.As ?? Natural(output);
            if (kind is { } reading && Fits(output, reading))
            {
                return new FeedbackReading(
                    output.Name, reading, feedback.Threshold ?? DefaultThreshold, feedback.Sample ?? 1, feedback.Ttl ?? DefaultTtl);
            }
        }

        return null;
    }

    /// <summary>How many classes its predictions tell apart; null where they are none, or the output does not say.</summary>
    public static int? ClassesOf(FeedbackConfig? feedback, ModelSignature signature) => Read(feedback, signature) switch
    {
        { As: FeedbackKind.Threshold } => 2,
        { As: FeedbackKind.Argmax } reading when signature.Outputs.First(output => output.Name == reading.Output) is var output
            && IsFloat(output) && Width(output) is > 1 and <= int.MaxValue and var width => (int)width,
        _ => null,
    };

    private static FeedbackKind? Natural(TensorSignature output) => (IsFloat(output), Width(output)) switch
    {
        (_, 0) => null,
        (true, 1) => FeedbackKind.Value,
        (true, _) => FeedbackKind.Argmax,
        (false, 1) when IsInteger(output) => FeedbackKind.Argmax,
        _ => null,
    };

    private static bool Fits(TensorSignature output, FeedbackKind kind) => kind switch
    {
        FeedbackKind.Argmax => (IsFloat(output) && Width(output) is > 1 or -1) || (IsInteger(output) && Width(output) is 1),
        FeedbackKind.Threshold => IsFloat(output) && Width(output) is 1 or 2 or -1,
        _ => (IsFloat(output) || IsInteger(output)) && Width(output) is 1,
    };

    /// <summary>Numbers an item: -1 where only the answer tells, 0 where an item is more than a row of numbers.</summary>
    private static long Width(TensorSignature output) => output.Shape switch
    {
        [] or [-1] => 1,
        [var width] => width,
        [_, var width] => width,
        _ => 0,
    };

    private static bool IsFloat(TensorSignature output) => output.Datatype is "FP16" or "BF16" or "FP32" or "FP64";

    private static bool IsInteger(TensorSignature output) =>
        output.Datatype.StartsWith("INT", StringComparison.Ordinal) || output.Datatype.StartsWith("UINT", StringComparison.Ordinal) || output.Datatype is "BOOL";

    private static string Named(FeedbackConfig feedback) => feedback.Output is { } name ? $"The output '{name}'" : "No output";

    private static string Needs(FeedbackKind kind) => kind switch
    {
        FeedbackKind.Argmax => "that needs several float scores an item, or one whole number",
        FeedbackKind.Threshold => "that needs one float score an item, or two of which the second counts",
        _ => "that needs one number an item",
    };
}
