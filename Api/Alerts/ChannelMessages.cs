using System.Collections.Immutable;
using Platform.Api.Conventions;
using Platform.Contracts.Alerts;
using Platform.Core.Alerts.Machine;
using Platform.Core.Alerts.Routing;
using Platform.Core.Results;

namespace Platform.Api.Alerts;

/// <param name="Host">The SMTP server.</param>
/// <param name="Port">587 when left out.</param>
/// <param name="Tls">Whether the connection has to be encrypted; true when left out.</param>
public sealed record EmailRequest(string? Host, int? Port, string? From, ImmutableArray<string>? To, string? Username, string? Password, bool? Tls);

/// <summary>Secrets that are left out stay as they are.</summary>
/// <param name="Url">Where a webhook or Slack takes messages. Kept as a secret: only its host is shown again.</param>
/// <param name="Secret">Signs what is sent, in <c>X-Signature-256</c>. Never shown again.</param>
/// <param name="GroupBy">Labels by which alerts are told together; ["..."] for each by itself.</param>
/// <param name="MaxAlerts">Alerts told in full in one notification; 0 for all.</param>
public sealed record ChannelRequest(
    ChannelType? Type,
    string? Url,
    string? Secret,
    EmailRequest? Email,
    ImmutableArray<string>? GroupBy,
    TimeSpan? GroupWait,
    TimeSpan? GroupInterval,
    TimeSpan? RepeatInterval,
    bool? SendResolved,
    int? MaxAlerts)
{
    private const int DefaultSmtpPort = 587;

    internal ChannelSecrets ToSecrets() => new(Url, Secret, Email?.Password);

    internal Outcome<Channel> ToChannel(string name)
    {
        if (Type is not { } type) return Refusal.Invalid("type", "Give webhook, slack or email.");
        if (GroupBy?.Any(label => label is null) is true) return Refusal.Invalid("group_by", "Name labels.");
        if (Email?.To?.Any(to => to is null) is true) return Refusal.Invalid("email.to", "Give e-mail addresses.");
        var email = type is ChannelType.Email && Email is { } asked
            ? new EmailTarget(asked.Host ?? "", asked.Port ?? DefaultSmtpPort, asked.From ?? "", asked.To ?? [], asked.Username, asked.Tls ?? true)
            : null;
        return new Channel(
            name, type, email, GroupBy ?? [AlertLabels.Model], GroupWait ?? TimeSpan.FromSeconds(30), GroupInterval ?? TimeSpan.FromMinutes(5),
            RepeatInterval ?? TimeSpan.FromHours(4), SendResolved ?? true, MaxAlerts ?? 0);
    }
}

/// <param name="Target">The host it goes to; the rest of its address may be a secret.</param>
/// <param name="HasSecret">Whether one is kept for signing, or a password.</param>
public sealed record ChannelResponse(
    string Name,
    ChannelType Type,
    string Target,
    bool HasSecret,
    EmailResponse? Email,
    ImmutableArray<string> GroupBy,
    TimeSpan GroupWait,
    TimeSpan GroupInterval,
    TimeSpan RepeatInterval,
    bool SendResolved,
    int MaxAlerts,
    DateTimeOffset UpdatedAt,
    string Etag)
{
    internal static ChannelResponse From(ChannelView view)
    {
        var channel = view.Channel;
        var email = channel.Email is { } known ? new EmailResponse(known.Host, known.Port, known.From, known.To, known.Username, known.Tls) : null;
        return new(
            channel.Name, channel.Type, view.Target, view.HasSecret, email, channel.GroupBy, channel.GroupWait, channel.GroupInterval,
            channel.RepeatInterval, channel.SendResolved, channel.MaxAlerts, view.UpdatedAt, Etags.Format(view.Revision));
    }
}

public sealed record EmailResponse(string Host, int Port, string From, ImmutableArray<string> To, string? Username, bool Tls);
