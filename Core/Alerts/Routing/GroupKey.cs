using System.Collections.Immutable;

namespace Platform.Core.Alerts.Routing;

/// <summary>Which group of a channel an alert belongs to.</summary>
public static class GroupKey
{
    /// <summary>Stands in <c>group_by</c> for every label: each alert is a group of its own.</summary>
    public const string EachAlert = "...";

    public static ImmutableSortedDictionary<string, string> Labels(IReadOnlyDictionary<string, string> alert, ImmutableArray<string> groupBy) =>
        groupBy.Contains(EachAlert)
            ? alert.ToImmutableSortedDictionary(StringComparer.Ordinal)
            : groupBy.Where(alert.ContainsKey).Distinct(StringComparer.Ordinal).ToImmutableSortedDictionary(name => name, name => alert[name], StringComparer.Ordinal);

    /// <summary>As Alertmanager writes it: the route, and the labels in braces.</summary>
    public static string Format(string channel, ImmutableSortedDictionary<string, string> labels) =>
        $"{{}}/{{channel={Quote(channel)}}}:{{{string.Join(", ", labels.Select(label => $"{label.Key}={Quote(label.Value)}"))}}}";

    private static string Quote(string text) =>
        $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)}\"";
}
