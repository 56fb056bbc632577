using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Platform.Core.Alerts.Routing;

/// <summary>One alert of the payload. An alert that fires has no end: Alertmanager writes the year 1.</summary>
public sealed record WebhookAlert(
    string Status,
    ImmutableSortedDictionary<string, string> Labels,
    ImmutableSortedDictionary<string, string> Annotations,
    DateTimeOffset StartsAt,
    DateTimeOffset EndsAt,
    [property: JsonPropertyName("generatorURL")] string GeneratorUrl,
    string Fingerprint);

/// <summary>What Alertmanager sends to webhooks, version 4.</summary>
public sealed record WebhookPayload(
    string Version,
    string GroupKey,
    int TruncatedAlerts,
    string Status,
    string Receiver,
    ImmutableSortedDictionary<string, string> GroupLabels,
    ImmutableSortedDictionary<string, string> CommonLabels,
    ImmutableSortedDictionary<string, string> CommonAnnotations,
    [property: JsonPropertyName("externalURL")] string ExternalUrl,
    [property: JsonPropertyName("notification_reason")] string NotificationReason,
    ImmutableArray<WebhookAlert> Alerts)
{
    private const string Firing = "firing";
    private const string Resolved = "resolved";
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <param name="maxAlerts">At most so many are told in full; 0 for all.</param>
    public static WebhookPayload From(
        string channel, string groupKey, ImmutableSortedDictionary<string, string> groupLabels, FlushPlan plan, int maxAlerts, string externalUrl, DateTimeOffset now)
    {
        var shown = maxAlerts > 0 && plan.Alerts.Length > maxAlerts ? plan.Alerts[..maxAlerts] : plan.Alerts;
        return new(
            "4", groupKey, plan.Alerts.Length - shown.Length, plan.Alerts.All(alert => alert.IsResolved(now)) ? Resolved : Firing, channel, groupLabels,
            Common(plan.Alerts, alert => alert.Labels), Common(plan.Alerts, alert => alert.Annotations), externalUrl, plan.Reason.Text(),
            [.. shown.Select(alert => From(alert, externalUrl, now))]);
    }

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    public static WebhookPayload Parse(string json) => JsonSerializer.Deserialize<WebhookPayload>(json, Json)!;

    private static WebhookAlert From(GroupedAlert alert, string externalUrl, DateTimeOffset now)
    {
        var isResolved = alert.IsResolved(now);
        return new(
            isResolved ? Resolved : Firing, alert.Labels, alert.Annotations, alert.StartsAt, isResolved ? alert.EndsAt : default,
            $"{externalUrl}/v1/alert-rules/{alert.Labels.GetValueOrDefault(Machine.AlertLabels.AlertName)}", alert.Fingerprint);
    }

    private static ImmutableSortedDictionary<string, string> Common(
        ImmutableArray<GroupedAlert> alerts, Func<GroupedAlert, ImmutableSortedDictionary<string, string>> of) => alerts.IsEmpty
        ? Machine.AlertLabels.None
        : of(alerts[0]).Where(one => alerts.All(alert => of(alert).GetValueOrDefault(one.Key) == one.Value)).ToImmutableSortedDictionary(StringComparer.Ordinal);
}
