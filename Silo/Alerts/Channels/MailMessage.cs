using MimeKit;
using Platform.Core.Alerts.Routing;

namespace Platform.Silo.Alerts.Channels;

/// <summary>A notification as an e-mail.</summary>
internal static class MailMessage
{
    private const int MaxShown = 200;

    /// <param name="key">Makes the message's id, by which servers and readers know a second delivery.</param>
    public static MimeMessage From(EmailTarget email, WebhookPayload payload, string key)
    {
        var message = new MimeMessage();
        message.From.Add(MailboxAddress.Parse(email.From));
        message.To.AddRange(email.To.Select(MailboxAddress.Parse));
        message.Subject = ChatMessage.Title(payload).ReplaceLineEndings(" ");
        message.MessageId = $"{key}@platform.alerts";
        message.Body = new TextPart("plain") { Text = string.Join("\n", ChatMessage.Lines(payload, MaxShown)) };
        return message;
    }
}
