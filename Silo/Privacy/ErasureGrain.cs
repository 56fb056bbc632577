using Orleans.Runtime;
using Platform.Contracts;
using Platform.Contracts.Audit;
using Platform.Contracts.Jobs;
using Platform.Contracts.Privacy;
using Platform.Core.Audit;
using Platform.Core.Privacy;
using Platform.SharedState;
using Platform.SharedState.Audit;
using Platform.SharedState.Privacy;
using Platform.Silo.Storage;

namespace Platform.Silo.Privacy;

/// <summary>
/// Erases by the record of what was asked: first the person's key goes, and with it everything at once; then what it
/// sealed is counted, written down, removed, and entered in the audit log. Each step may be done again.
/// </summary>
internal sealed partial class ErasureGrain(
    [PersistentState("erasure")] IPersistentState<ErasureState> stored,
    SubjectVault vault,
    SubjectRecords records,
    ErasureStore erasures,
    AuditKeys keys,
    TimeProvider clock,
    ILogger<ErasureGrain> logger) : Grain, IErasureGrain, IRemindable
{
    private const string Reminder = "erase";
    private static readonly TimeSpan ReminderPeriod = TimeSpan.FromMinutes(1);

    public async Task<ErasureReceipt> EraseAsync(ErasureRequest request)
    {
        // What was begun is ended first; the person may have been written of since.
        if (stored.State.Open is not null) await GoOnAsync();
        // The reminder comes first: without a record it ends itself, while a record without it might never be completed.
        await this.RegisterOrUpdateReminder(Reminder, ReminderPeriod, ReminderPeriod);
        await stored.WriteAsync(stored.State with { Open = new(Guid.CreateVersion7(), request, clock.GetUtcNow()) }, DeactivateOnIdle);
        return await GoOnAsync();
    }

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        if (stored.State.Open is not null) await GoOnAsync();
        else await ForgetReminderAsync();
    }

    private async Task<ErasureReceipt> GoOnAsync()
    {
        try
        {
            return await CompleteAsync(stored.State.Open!);
        }
        catch (Exception e) when (RedisFault.Is(e))
        {
            LogNotYet(stored.State.Open!.Id, RedisFault.Describe(e));
            throw new ControlPlaneUnavailableException("The erasure has begun and goes on by itself: the state store does not answer just now.");
        }
    }

    private async Task<ErasureReceipt> CompleteAsync(OpenErasure open)
    {
        await erasures.OpenAsync(open.Id, open.At);
        foreach (var subject in open.Request.Subjects) await vault.ShredAsync(subject, open.At);
        if (open.Counts is null)
        {
            var counts = new ErasedCounts();
            foreach (var subject in open.Request.Subjects) counts = counts.Add(await records.CountAsync(subject));
            // Written before anything is removed, so that the receipt says what there was even if this is done twice.
            open = open with { Counts = counts };
            await stored.WriteAsync(stored.State with { Open = open }, DeactivateOnIdle);
        }

        foreach (var subject in open.Request.Subjects) await records.RemoveAsync(subject, job => GrainFactory.GetGrain<IJobGrain>(job).ForgetAsync(endedBefore: null));
        var receipt = await SignAsync(open, open.Counts);
        await erasures.CloseAsync(receipt);
        await stored.WriteAsync(stored.State with { Open = null, Last = receipt }, DeactivateOnIdle);
        await ForgetReminderAsync();
        LogErased(receipt.Id, receipt.Erased.Predictions, receipt.Erased.Feedback, receipt.Erased.Requests, receipt.Erased.Units, receipt.Erased.Jobs);
        return receipt;
    }

    private async Task<ErasureReceipt> SignAsync(OpenErasure open, ErasedCounts counts)
    {
        // The erasure's id is the entry's, so that it is in the log once.
        var entry = new AuditEntry(
            open.Id, At: default, AuditPhase.Answered, open.Request.By, "privacy.erased", open.Request.KeyId, $"privacy/erasures/{open.Id:n}", Reason: "done",
            RequestId: open.Request.RequestId);
        var logged = await GrainFactory.GetGrain<IAuditGrain>(IAuditGrain.Key).AppendAsync([entry]);
        var receipt = new ErasureReceipt(open.Id, open.Request.Subjects[0], open.At, clock.GetUtcNow(), counts, logged.Last ?? logged.Size - 1);
        return receipt with { Note = keys.Sign(receipt.ToText(), ErasureReceipt.Origin) };
    }

    private async Task ForgetReminderAsync()
    {
        if (await this.GetReminder(Reminder) is { } reminder) await this.UnregisterReminder(reminder);
    }

    [LoggerMessage(LogLevel.Information, "Erasure {Erasure} removed {Predictions} predictions, {Feedback} with feedback, {Requests} requests, {Units} units and {Jobs} jobs of a person.")]
    private partial void LogErased(Guid erasure, long predictions, long feedback, long requests, long units, long jobs);

    [LoggerMessage(LogLevel.Warning, "Erasure {Erasure} could not be completed yet ({Reason}); it goes on by itself.")]
    private partial void LogNotYet(Guid erasure, string reason);
}
