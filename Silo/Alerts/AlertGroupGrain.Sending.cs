using Platform.Contracts.Alerts;
using Platform.Core.Results;
using Platform.SharedState.Alerts;
using Platform.Silo.Alerts.Channels;
using Platform.Silo.Storage;

namespace Platform.Silo.Alerts;

internal sealed partial class AlertGroupGrain
{
    private static readonly TimeSpan MaxRetryDelay = TimeSpan.FromMinutes(1);
    private string? attempted;
    private int attempts;
    private DateTimeOffset nextAttempt;

    public async Task<Outcome<string>> ResendAsync(string id)
    {
        if (await deadLetters.FindAsync(ChannelName, id) is not { } letter) return Refusal.NotFound($"Channel {ChannelName} has no dead letter {id}.");
        if (await Book.FindStoredChannelAsync(ChannelName) is not { } channel) return Refusal.NotFound($"There is no channel {ChannelName}.");
        var result = await sender.SendAsync(channel.Channel, seal.Open(ChannelName, channel.SealedSecrets), letter.Payload, letter.Id);
        if (result.Fault is { } fault)
        {
            await deadLetters.AddAsync(letter with { Attempts = letter.Attempts + 1, Fault = fault, FailedAt = clock.GetUtcNow() });
            return Refusal.CheckFailed($"Channel {ChannelName} did not take it: {fault}");
        }

        await deadLetters.RemoveAsync(ChannelName, id);
        return id;
    }

    private async Task SendOutgoingAsync(DateTimeOffset now)
    {
        var outgoing = Current.Outgoing!;
        if (attempted != outgoing.Key) (attempted, attempts, nextAttempt) = (outgoing.Key, 0, now);
        if (now < nextAttempt) return;
        if (await Book.FindStoredChannelAsync(ChannelName) is not { } channel)
        {
            await stored.WriteAsync(Current with { Outgoing = null }, DeactivateOnIdle);
            return;
        }

        var result = await sender.SendAsync(channel.Channel, seal.Open(ChannelName, channel.SealedSecrets), outgoing.Payload, outgoing.Key);
        attempts++;
        if (result.Fault is null) await TakenAsync(outgoing, now);
        else await FailedAsync(outgoing, channel, result, result.Fault, now);
    }

    private async Task TakenAsync(OutgoingNotification outgoing, DateTimeOffset now)
    {
        await stored.WriteAsync(Current with { Outgoing = null, Log = outgoing.Entry }, DeactivateOnIdle);
        await alerts.ForgetAsync(Key, outgoing.Done, now);
        LogTaken(Key, outgoing.Key, attempts);
    }

    private async Task FailedAsync(OutgoingNotification outgoing, StoredChannel channel, SendResult result, string fault, DateTimeOffset now)
    {
        var limit = channel.Channel.GroupInterval > options.Value.RetryMin ? channel.Channel.GroupInterval : options.Value.RetryMin;
        LogFailed(Key, outgoing.Key, attempts, fault);
        if (!result.IsFinal && now - outgoing.CreatedAt < limit)
        {
            var delay = options.Value.RetryDelay * Math.Pow(2, Math.Min(attempts - 1, 16));
            nextAttempt = now + (delay < MaxRetryDelay ? delay : MaxRetryDelay);
            return;
        }

        await deadLetters.AddAsync(new DeadLetter(outgoing.Key, ChannelName, Key, outgoing.Payload, attempts, fault, outgoing.CreatedAt, now));
        // What it was told before still holds, so that the next flush tries with whatever is true by then.
        await stored.WriteAsync(Current with { Outgoing = null }, DeactivateOnIdle);
    }

    [LoggerMessage(LogLevel.Information, "Group {Group} told its channel {Notification} at attempt {Attempt}.")]
    private partial void LogTaken(string group, string notification, int attempt);

    [LoggerMessage(LogLevel.Warning, "Group {Group} could not tell its channel {Notification} at attempt {Attempt}: {Fault}")]
    private partial void LogFailed(string group, string notification, int attempt, string fault);
}
