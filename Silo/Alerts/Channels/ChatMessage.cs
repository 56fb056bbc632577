using System.Text.Json;
using Platform.Core.Alerts.Routing;

namespace Platform.Silo.Alerts.Channels;

/// <summary>A notification as Slack's incoming webhooks take it, and what speaks like them.</summary>
internal static class ChatMessage
{
    private const int MaxShown = 20;

    public static string From(WebhookPayload payload) => JsonSerializer.Serialize(new
    {
        text = Escape(Title(payload)),
        attachments = new[]
        {
            new
            {
                color = payload.Status == "resolved" ? "good" : "danger",
                fallback = Escape(Title(payload)),
                text = Escape(string.Join("\n", Lines(payload, MaxShown))),
            },
        },
    });

    public static string Title(WebhookPayload payload)
    {
        var firing = payload.Alerts.Count(alert => alert.Status == "firing");
        var count = payload.Status == "firing" ? $":{firing + payload.TruncatedAlerts}" : "";
        return $"[{payload.Status.ToUpperInvariant()}{count}] {string.Join(' ', payload.GroupLabels.Select(label => label.Value).DefaultIfEmpty(payload.Receiver))}";
    }

    public static IEnumerable<string> Lines(WebhookPayload payload, int max)
    {
        foreach (var alert in payload.Alerts.Take(max))
        {
            yield return $"{alert.Status}: {string.Join(", ", alert.Labels.Select(label => $"{label.Key}={label.Value}"))}";
            foreach (var annotation in alert.Annotations) yield return $"  {annotation.Key}: {annotation.Value}";
        }

        var rest = payload.TruncatedAlerts + Math.Max(0, payload.Alerts.Length - max);
        if (rest > 0) yield return $"and {rest} more";
    }

    private static string Escape(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);
}
