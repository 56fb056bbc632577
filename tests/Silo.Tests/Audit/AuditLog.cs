using Platform.Core.Audit;
using Platform.SharedState.Artifacts;
using Platform.SharedState.Audit;
using Platform.Silo.Audit;
using Platform.Tests;

namespace Platform.Silo.Tests.Audit;

/// <summary>A log in a Redis of the test's own, written as the grain writes it.</summary>
public sealed class AuditLog : IAsyncLifetime
{
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public RedisServer Redis { get; } = new();

    public AuditStore Store { get; private set; } = null!;

    public AuditKeys Keys { get; } = new(new AuditOptions(), new ArtifactOptions { PlatformKey = "a-platform-key-of-the-audit-tests-0123456789" });

    public AuditVerification Verification => new(Store, Keys);

    public async ValueTask InitializeAsync()
    {
        await Redis.InitializeAsync();
        Store = new AuditStore(Redis.Connection);
    }

    public ValueTask DisposeAsync() => Redis.DisposeAsync();

    public static AuditEntry Entry(int number, string actor = "ann") => new(
        Guid.NewGuid(), default, AuditPhase.Answered, actor, number % 2 == 0 ? "models.deploy" : "keys.create",
        Resource: $"models/m-{number / 1500}", Status: 200, Reason: "done", RequestId: $"r-{number}");

    internal Task<AuditTail> ReadAsync() => AuditTail.ReadAsync(Store, Keys, "platform.audit");

    /// <summary>Appends that many, a second for each batch of at most 256, a checkpoint kept each 300.</summary>
    public async Task FillAsync(int count, string actor = "ann")
    {
        var tail = await ReadAsync();
        while (count > 0)
        {
            var part = Enumerable.Range((int)tail.Size, Math.Min(Math.Min(256, tail.Room), count)).Select(number => Entry(number, actor)).ToList();
            var now = Start.AddSeconds(tail.Size);
            var batch = tail.Next([.. part.Select(entry => entry with { At = now })], now, Keys, size => size - tail.Kept.Size >= 300);
            Assert.True(await Store.TryAppendAsync(batch));
            tail.Adopt(batch, part, now);
            count -= part.Count;
        }
    }
}
