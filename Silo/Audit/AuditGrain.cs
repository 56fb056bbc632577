using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.Contracts.Audit;
using Platform.Core.Audit;
using Platform.SharedState;
using Platform.SharedState.Audit;

namespace Platform.Silo.Audit;

/// <summary>
/// Writes what waits in one go while the next entries gather. After a write of which nobody knows whether it succeeded
/// it reads the log again, and knows by the ids.
/// </summary>
internal sealed partial class AuditGrain(
    AuditStore store, AuditKeys keys, IOptions<AuditOptions> options, TimeProvider clock, ILogger<AuditGrain> logger) : Grain, IAuditGrain
{
    private const int Attempts = 3;
    private static readonly TimeSpan LookPeriod = TimeSpan.FromSeconds(5);
    private readonly AuditOptions settings = options.Value;
    private readonly Queue<Waiting> queue = new();
    private int waiting;
    private Task writing = Task.CompletedTask;
    private AuditTail? tail;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        this.RegisterGrainTimer(CheckpointAsync, new() { DueTime = LookPeriod, Period = LookPeriod });
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => writing.WaitAsync(cancellationToken);

    public Task<AuditReceipt> AppendAsync(ImmutableArray<AuditEntry> entries)
    {
        if (waiting + entries.Length > settings.MaxWaiting)
            throw new ControlPlaneUnavailableException($"The audit log is behind: {waiting} entries wait to be written.");
        return Enqueue(entries);
    }

    public async Task CheckpointAsync()
    {
        // Nothing was written here yet, so there is nothing of which a checkpoint is missing that a restart does not show.
        if (tail is null || tail.Size == tail.Kept.Size || clock.GetUtcNow() - tail.Kept.At < settings.CheckpointPeriod) return;
        try
        {
            await Enqueue([]);
        }
        catch (ControlPlaneUnavailableException)
        {
            // Logged where it failed; the next look tries again.
        }
    }

    private Task<AuditReceipt> Enqueue(ImmutableArray<AuditEntry> entries)
    {
        var asked = new Waiting(entries, new(TaskCreationOptions.RunContinuationsAsynchronously));
        queue.Enqueue(asked);
        waiting += entries.Length;
        if (writing.IsCompleted) writing = WriteAllAsync();
        return asked.Answer.Task;
    }

    private async Task WriteAllAsync()
    {
        while (queue.Count > 0)
        {
            var batch = Take();
            try
            {
                await WriteAsync([.. batch.SelectMany(asked => asked.Entries)]);
                foreach (var asked in batch) asked.Answer.SetResult(new AuditReceipt(tail!.Size, asked.Entries is [.., var last] ? tail.IndexOf(last) : null));
            }
            catch (Exception e)
            {
                // Nobody knows what the store holds now.
                tail = null;
                if (e is InvalidDataException) LogDamaged(e.Message);
                else LogNotWritten(batch.Sum(asked => asked.Entries.Length), RedisFault.Is(e) ? RedisFault.Describe(e) : e.Message);
                var told = new ControlPlaneUnavailableException($"The audit log could not be written: {e.Message}");
                foreach (var asked in batch) asked.Answer.SetException(told);
            }
        }
    }

    private List<Waiting> Take()
    {
        var batch = new List<Waiting> { queue.Dequeue() };
        var count = batch[0].Entries.Length;
        while (queue.TryPeek(out var next) && count + next.Entries.Length <= settings.MaxBatch)
        {
            batch.Add(queue.Dequeue());
            count += next.Entries.Length;
        }

        waiting -= count;
        return batch;
    }

    private async Task WriteAsync(IReadOnlyList<AuditEntry> entries)
    {
        for (var attempt = 1; ; attempt++)
        {
            tail ??= await AuditTail.ReadAsync(store, keys, settings.Origin);
            if (await TryWriteAsync(tail, entries)) return;
            // Another activation has written, or somebody at the store itself.
            tail = null;
            LogOvertaken(attempt);
            if (attempt == Attempts) throw new ControlPlaneUnavailableException("Somebody else writes to the audit log.");
        }
    }

    private async Task<bool> TryWriteAsync(AuditTail log, IReadOnlyList<AuditEntry> entries)
    {
        var rest = new Queue<AuditEntry>(entries.Where(entry => !log.Has(entry)).DistinctBy(entry => entry.Id));
        while (rest.Count > 0)
        {
            // The log's own time never goes back, whatever the clocks of silos do.
            var now = clock.GetUtcNow() is var time && time > log.LastAt ? time : log.LastAt;
            var part = new List<AuditEntry>();
            while (part.Count < log.Room && rest.TryDequeue(out var entry)) part.Add(entry with { At = now });
            var batch = log.Next(part, now, keys, size => IsDue(log, size, now));
            if (!await store.TryAppendAsync(batch)) return false;
            log.Adopt(batch, part, now);
        }

        if (log.Size == log.Kept.Size || !IsDue(log, log.Size, clock.GetUtcNow())) return true;
        var keep = log.Keep();
        if (!await store.TryAppendAsync(keep)) return false;
        log.Adopt(keep, [], clock.GetUtcNow());
        return true;
    }

    private bool IsDue(AuditTail log, long size, DateTimeOffset now) =>
        size - log.Kept.Size >= settings.CheckpointEntries || now - log.Kept.At >= settings.CheckpointPeriod;

    private sealed record Waiting(ImmutableArray<AuditEntry> Entries, TaskCompletionSource<AuditReceipt> Answer);

    [LoggerMessage(LogLevel.Warning, "{Count} entries could not be written to the audit log: {Reason}")]
    private partial void LogNotWritten(int count, string reason);

    [LoggerMessage(LogLevel.Critical, "The audit log in Redis is damaged, so no change is accepted until an operator has looked (docs/audit.md): {Reason}")]
    private partial void LogDamaged(string reason);

    [LoggerMessage(LogLevel.Warning, "Somebody else has written to the audit log (attempt {Attempt}); it is read again.")]
    private partial void LogOvertaken(int attempt);
}
