using System.Collections.Immutable;
using Platform.Core.Models;
using Platform.Core.Results;

namespace Platform.Core.Alerts.Routing;

public enum ChannelType
{
    /// <summary>Alertmanager's payload, version 4.</summary>
    Webhook,

    /// <summary>An incoming webhook of Slack, or of whatever speaks like it.</summary>
    Slack,
    Email,
}

/// <summary>Where an e-mail goes out, and to whom.</summary>
/// <param name="Tls">Whether the connection has to be encrypted; without, it is if the server offers it.</param>
public sealed record EmailTarget(string Host, int Port, string From, ImmutableArray<string> To, string? Username, bool Tls);

/// <summary>Whom to tell, and how often. What is secret of it is kept apart.</summary>
/// <param name="MaxAlerts">Alerts told in full in one notification; 0 for all.</param>
public sealed record Channel(
    string Name,
    ChannelType Type,
    EmailTarget? Email,
    ImmutableArray<string> GroupBy,
    TimeSpan GroupWait,
    TimeSpan GroupInterval,
    TimeSpan RepeatInterval,
    bool SendResolved,
    int MaxAlerts)
{
    public static readonly TimeSpan WaitMax = TimeSpan.FromDays(7);
    public static readonly TimeSpan IntervalMin = TimeSpan.FromSeconds(1);

    public Refusal? Refuse(ChannelSecrets secrets)
    {
        if (!Names.IsValid(Name)) return Refusal.Invalid("name", Names.Rule);
        if (GroupBy.Length > 16 || GroupBy.Any(label => label is not { Length: > 0 and <= 64 })) return Refusal.Invalid("group_by", "Name at most 16 labels.");
        if (GroupWait < TimeSpan.Zero || GroupWait > WaitMax) return Refusal.Invalid("group_wait", "Give a duration from \"0s\" to \"7d\".");
        if (GroupInterval < IntervalMin || GroupInterval > WaitMax) return Refusal.Invalid("group_interval", "Give a duration from \"1s\" to \"7d\".");
        if (RepeatInterval < IntervalMin || RepeatInterval > TimeSpan.FromDays(30)) return Refusal.Invalid("repeat_interval", "Give a duration from \"1s\" to \"30d\".");
        if (MaxAlerts is < 0 or > 100_000) return Refusal.Invalid("max_alerts", "Give a number from 0, for all, to 100000.");
        return Type is ChannelType.Email ? RefuseEmail(secrets) : RefuseUrl(secrets);
    }

    private static Refusal? RefuseUrl(ChannelSecrets secrets)
    {
        if (secrets.Secret is { Length: > 1024 }) return Refusal.Invalid("secret", "Give at most 1024 characters.");
        return secrets.Url is { Length: <= 2048 } url && Uri.TryCreate(url, UriKind.Absolute, out var target)
            && target.Scheme is "http" or "https" && target.Host.Length > 0 && target.UserInfo.Length == 0
            ? null
            : Refusal.Invalid("url", "Give an absolute http or https address without a user name, of at most 2048 characters.");
    }

    private Refusal? RefuseEmail(ChannelSecrets secrets)
    {
        if (Email is not { } email) return Refusal.Invalid("email", "Give {\"host\",\"port\",\"from\",\"to\":[]}.");
        if (email.Host is not { Length: > 0 and <= 255 } || Uri.CheckHostName(email.Host) is UriHostNameType.Unknown) return Refusal.Invalid("email.host", "Name the SMTP server.");
        if (email.Port is < 1 or > 65535) return Refusal.Invalid("email.port", "Give a port from 1 to 65535.");
        if (!IsAddress(email.From)) return Refusal.Invalid("email.from", "Give an e-mail address.");
        if (email.To.IsDefaultOrEmpty || email.To.Length > 50 || !email.To.All(IsAddress)) return Refusal.Invalid("email.to", "Give 1 to 50 e-mail addresses.");
        return secrets.Password is { Length: > 1024 } ? Refusal.Invalid("email.password", "Give at most 1024 characters.") : null;
    }

    /// <summary>Enough to keep what is no address, and line breaks above all, out of a message's head; the server knows the rest.</summary>
    private static bool IsAddress(string? text) =>
        text is { Length: > 2 and <= 320 } && text.IndexOf('@') is > 0 and var at && at == text.LastIndexOf('@') && at < text.Length - 1
        && text.All(letter => letter > ' ' && letter is not ('<' or '>' or ',' or ';' or '"' or (char)127));
}

/// <summary>What nobody is shown again: addresses of webhooks are often secrets themselves.</summary>
public sealed record ChannelSecrets(string? Url, string? Secret, string? Password);
