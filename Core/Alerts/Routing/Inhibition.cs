using System.Collections.Immutable;
using Platform.Core.Alerts.Machine;

namespace Platform.Core.Alerts.Routing;

/// <summary>While an alert fires that matches <paramref name="Source"/>, those that match <paramref name="Target"/> with the same values of <paramref name="Equal"/> are not notified.</summary>
public sealed record InhibitRule(ImmutableArray<Matcher> Source, ImmutableArray<Matcher> Target, ImmutableArray<string> Equal)
{
    public bool IsSource(IReadOnlyDictionary<string, string> labels) => Source.All(matcher => matcher.Holds(labels));

    public bool IsTarget(IReadOnlyDictionary<string, string> labels) => Target.All(matcher => matcher.Holds(labels));
}

public static class Inhibition
{
    /// <summary>A critical alert speaks for the lesser ones of the same model and version.</summary>
    public static ImmutableArray<InhibitRule> Default { get; } =
    [
        new(
            [new(AlertLabels.Severity, MatchOperator.Equal, "critical")],
            [new(AlertLabels.Severity, MatchOperator.Matches, "warning|info")],
            [AlertLabels.Model, AlertLabels.Version]),
    ];

    /// <summary>The labels of an alert that inhibits this one; null if none does.</summary>
    /// <param name="firing">The labels of every alert that fires.</param>
    public static IReadOnlyDictionary<string, string>? FindSource(
        IReadOnlyDictionary<string, string> target, ImmutableArray<InhibitRule> rules, IEnumerable<IReadOnlyDictionary<string, string>> firing)
    {
        var applying = rules.Where(rule => rule.IsTarget(target)).ToArray();
        if (applying.Length == 0) return null;
        return firing.FirstOrDefault(source => applying.Any(rule => rule.IsSource(source) && HasEqual(rule, source, target)
            // One that is both a source and a target is not inhibited by another such, or the two would mute each other.
            && !(rule.IsSource(target) && rule.IsTarget(source))));
    }

    /// <summary>A label that is missing is as one that is empty.</summary>
    private static bool HasEqual(InhibitRule rule, IReadOnlyDictionary<string, string> source, IReadOnlyDictionary<string, string> target) =>
        rule.Equal.All(name => (source.GetValueOrDefault(name) ?? "") == (target.GetValueOrDefault(name) ?? ""));
}
