using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Platform.Core.Results;
using Platform.Core.Routing;
using Platform.Core.Serving;

namespace Platform.Core.Rollouts;

/// <summary>What a rollout may ask for.</summary>
public static class RolloutRules
{
    public const int MaxSteps = 20;
    public const int MaxRules = 10;
    public const int MaxKeys = 1_000;
    public const int MaxTextLength = 200;
    public static readonly TimeSpan MaxDuration = TimeSpan.FromDays(30);
    public static readonly TimeSpan DefaultMaxWait = TimeSpan.FromHours(1);

    /// <summary>The plan that a request means, or what is wrong with it.</summary>
    /// <param name="to">The version that <see cref="RolloutRequest.To"/> stands for.</param>
    /// <param name="salt">The model's, with which routing keys are fingerprinted.</param>
    /// <param name="classes">How many classes the versions tell apart; null where that is not known.</param>
    public static Outcome<RolloutPlan> Read(RolloutRequest request, string to, string salt, int? classes = null)
    {
        if (Refuse(request) is { } refusal) return refusal;
        ImmutableArray<RouteRule> rules =
        [
            .. (request.Rules ?? []).Select(rule => new RouteRule(
                PlannedRoute.Canary, rule.Header, rule.EqualTo, rule.Prefix, rule.Matches,
                rule.Keys is { } keys ? [.. keys.Select(key => RoutingKey.Fingerprint(key, salt))] : null)),
        ];
        return new RolloutPlan(
            to, request.Strategy, StepsOf(request), request.Analysis ?? new RolloutAnalysis(), request.AutoPromote, rules,
            request.MaxWait ?? DefaultMaxWait, request.Deadline, request.KeepPrevious, classes);
    }

    public static Refusal? Refuse(RolloutRequest request)
    {
        if (request.To is not { Length: > 0 and <= MaxTextLength }) return Refusal.Invalid("to", "Give the version to roll out.");
        return RefuseSteps(request)
            ?? AnalysisRules.Refuse(request.Analysis, "analysis", request.Strategy)
            ?? RefuseDuration(request.MaxWait, "max_wait") ?? RefuseDuration(request.Deadline, "deadline")
            ?? RefuseDuration(request.KeepPrevious, "keep_previous")
            ?? RefuseRules(request);
    }

    private static ImmutableArray<RolloutStep> StepsOf(RolloutRequest request) => request.Strategy switch
    {
        RolloutStrategy.Canary => request.Steps!.Value,
        _ => request.Steps is [var only] ? [only] : [new RolloutStep(100)],
    };

    private static Refusal? RefuseSteps(RolloutRequest request)
    {
        var steps = request.Steps ?? [];
        if (request.Strategy is RolloutStrategy.Canary && steps.IsEmpty)
            return Refusal.Invalid("steps", "Give the canary's steps, such as [{\"weight\":5,\"hold\":\"1m\"},{\"weight\":100}].");
        if (steps.Length > MaxSteps) return Refusal.Invalid("steps", $"Give at most {MaxSteps} steps.");
        if (request.Strategy is not RolloutStrategy.Canary && steps.Length > 1)
            return Refusal.Invalid("steps", "Only a canary has several steps. Give one, or none.");
        for (var i = 0; i < steps.Length; i++)
        {
            var field = $"steps[{i}]";
            if (steps[i] is null) return Refusal.Invalid(field, "Give a step, or leave it out.");
            if (RefuseWeight(request, steps, i) is { } refusal) return refusal;
            if (steps[i].Hold < TimeSpan.Zero || steps[i].Hold > MaxDuration) return Refusal.Invalid($"{field}.hold", $"Give 0s to {DurationConverter.Format(MaxDuration)}.");
            if (AnalysisRules.Refuse(steps[i].Analysis, $"{field}.analysis", request.Strategy) is { } invalid) return invalid;
        }

        return null;
    }

    private static Refusal? RefuseWeight(RolloutRequest request, ImmutableArray<RolloutStep> steps, int index)
    {
        var (field, weight) = ($"steps[{index}].weight", steps[index].Weight);
        if (double.IsNaN(weight) || weight is < 0 or > 100 || Math.Abs((weight * 100) - Math.Round(weight * 100)) > 1e-9)
            return Refusal.Invalid(field, "Give percent from 0 to 100, in hundredths at the finest.");
        if (request.Strategy is RolloutStrategy.BlueGreen && weight < 100)
            return Refusal.Invalid(field, "Blue/green switches at once: give 100, or leave the steps out.");
        if (weight == 0 && (request.Strategy is RolloutStrategy.Shadow || request.Rules is not { Length: > 0 }))
            return Refusal.Invalid(field, "A weight of 0 has meaning only in a canary with rules, which then take requests alone.");
        return index > 0 && weight <= steps[index - 1].Weight ? Refusal.Invalid(field, "Each step's weight has to be above the one before.") : null;
    }

    private static Refusal? RefuseDuration(TimeSpan? duration, string field) => duration is { } value && (value <= TimeSpan.Zero || value > MaxDuration)
        ? Refusal.Invalid(field, $"Give more than 0s and at most {DurationConverter.Format(MaxDuration)}.")
        : null;

    private static Refusal? RefuseRules(RolloutRequest request)
    {
        var rules = request.Rules ?? [];
        if (rules.Length > MaxRules) return Refusal.Invalid("rules", $"Give at most {MaxRules} rules.");
        if (rules.Length > 0 && request.Strategy is RolloutStrategy.Shadow)
            return Refusal.Invalid("rules", "A shadow answers nobody, so no rule can send requests to it.");
        return rules.Select((rule, index) => RefuseRule(rule, $"rules[{index}]")).FirstOrDefault(refusal => refusal is not null);
    }

    private static Refusal? RefuseRule(RolloutRuleRequest? rule, string field)
    {
        if (rule is null) return Refusal.Invalid(field, "Give a rule, or leave it out.");
        var ways = (string?[])[rule.EqualTo, rule.Prefix, rule.Matches];
        if (ways.Count(way => way is not null) + (rule.Keys is null ? 0 : 1) != 1)
            return Refusal.Invalid(field, "Give a header with one of equals, prefix or matches; or keys.");
        if (rule.Keys is { } keys)
        {
            if (rule.Header is not null) return Refusal.Invalid($"{field}.header", "A list of keys is matched with X-Routing-Key; leave the header out.");
            return keys.Length is 0 or > MaxKeys || keys.Any(key => key is not { Length: > 0 and <= MaxTextLength })
                ? Refusal.Invalid($"{field}.keys", $"Give 1 to {MaxKeys} keys of at most {MaxTextLength} characters.")
                : null;
        }

        if (rule.Header is not { Length: > 0 and <= MaxTextLength }) return Refusal.Invalid($"{field}.header", "Name the header that is looked at.");
        if (ways.Any(way => way?.Length is 0 or > MaxTextLength)) return Refusal.Invalid(field, $"Give 1 to {MaxTextLength} characters to compare with.");
        return rule.Matches is { } pattern && !IsPattern(pattern)
            ? Refusal.Invalid($"{field}.matches", "This is no regular expression, or one with look-around or back-references, which are not run here.")
            : null;
    }

    private static bool IsPattern(string pattern)
    {
        try
        {
            return new Regex(pattern, RouteRule.MatchOptions).ToString().Length > 0;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return false;
        }
    }
}
