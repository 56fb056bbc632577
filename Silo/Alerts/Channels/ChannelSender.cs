using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Options;
using Platform.Core.Alerts.Routing;

namespace Platform.Silo.Alerts.Channels;

/// <summary>What came of an attempt.</summary>
/// <param name="Fault">Null if the channel took it.</param>
/// <param name="IsFinal">Whether trying again is of no use.</param>
internal sealed record SendResult(string? Fault, bool IsFinal)
{
    public static SendResult Taken { get; } = new(null, false);
}

/// <summary>Sends one notification to a channel, once.</summary>
internal sealed class ChannelSender : IDisposable
{
    public const string SignatureHeader = "X-Signature-256";
    public const string IdempotencyHeader = "Idempotency-Key";
    private readonly TargetGuard guard;
    private readonly IOptions<AlertOptions> options;
    private readonly TimeProvider clock;
    private readonly HttpMessageInvoker connections;

    public ChannelSender(TargetGuard guard, IOptions<AlertOptions> options, TimeProvider clock)
    {
        (this.guard, this.options, this.clock) = (guard, options, clock);
        // A proxy or a redirect would lead around the guard.
        connections = new HttpMessageInvoker(new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
            ConnectCallback = async (context, cancellation) =>
                new NetworkStream(await guard.ConnectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, cancellation), ownsSocket: true),
        });
    }

    /// <param name="key">The same for every attempt at the same notification.</param>
    public async Task<SendResult> SendAsync(Channel channel, ChannelSecrets secrets, string payload, string key)
    {
        using var limit = new CancellationTokenSource(options.Value.SendTimeout, clock);
        try
        {
            return channel.Type switch
            {
                ChannelType.Webhook => await PostAsync(secrets, payload, key, limit.Token),
                ChannelType.Slack => await PostAsync(secrets, ChatMessage.From(WebhookPayload.Parse(payload)), key, limit.Token),
                _ => await MailAsync(channel.Email!, secrets, WebhookPayload.Parse(payload), key, limit.Token),
            };
        }
        catch (HttpRequestException e)
        {
            return new($"{e.Message} {e.InnerException?.Message}".Trim(), IsFinal: false);
        }
        catch (SmtpCommandException e)
        {
            // 4xx is "not now"; 5xx is "never".
            return new($"{(int)e.StatusCode} {e.Message}", IsFinal: (int)e.StatusCode >= 500);
        }
        catch (Exception e) when (e is AuthenticationException or NotSupportedException)
        {
            return new(e.Message, IsFinal: true);
        }
        catch (Exception e) when (e is IOException or SocketException or ProtocolException or SslHandshakeException)
        {
            return new(e.Message, IsFinal: false);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            return new($"No answer within {options.Value.SendTimeout}.", IsFinal: false);
        }
    }

    public void Dispose() => connections.Dispose();

    private async Task<SendResult> PostAsync(ChannelSecrets secrets, string body, string key, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, secrets.Url);
        request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        request.Headers.TryAddWithoutValidation("User-Agent", "Platform-Alerts");
        request.Headers.Add(IdempotencyHeader, key);
        if (secrets.Secret is { } secret) request.Headers.Add(SignatureHeader, Sign(secret, body));
        using var response = await connections.SendAsync(request, cancellation);
        if (response.IsSuccessStatusCode) return SendResult.Taken;
        var status = (int)response.StatusCode;
        return new($"Answered {status}.", IsFinal: status < 500 && status != 429);
    }

    private async Task<SendResult> MailAsync(EmailTarget email, ChannelSecrets secrets, WebhookPayload payload, string key, CancellationToken cancellation)
    {
        using var message = MailMessage.From(email, payload, key);
        using var client = new SmtpClient();
        using var socket = await guard.ConnectAsync(email.Host, email.Port, cancellation);
        var security = email.Port == 465 ? SecureSocketOptions.SslOnConnect : email.Tls ? SecureSocketOptions.StartTls : SecureSocketOptions.StartTlsWhenAvailable;
        await client.ConnectAsync(socket, email.Host, email.Port, security, cancellation);
        if (email.Username is { } user) await client.AuthenticateAsync(user, secrets.Password ?? "", cancellation);
        await client.SendAsync(message, cancellation);
        await client.DisconnectAsync(quit: true, cancellation);
        return SendResult.Taken;
    }

    /// <summary>As GitHub and others sign webhooks: "sha256=" and the HMAC of the body in hex.</summary>
    private static string Sign(string secret, string body) =>
        "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(body)));
}
