using Platform.Contracts;

namespace Platform.Api.Audit;

/// <summary>
/// An answer that stays here until its entry is in the log. One that grows too long to be held has the entry written at
/// that moment, when its status is settled, and flows on.
/// </summary>
internal sealed class HeldAnswer(Stream wire, int maxBytes, Func<Task> record) : MemoryStream
{
    /// <summary>Whether the entry is written and the answer on its way.</summary>
    public bool IsReleased { get; private set; }

    /// <exception cref="ControlPlaneUnavailableException">The entry could not be written, and nothing was sent.</exception>
    public async Task ReleaseAsync(CancellationToken cancellation)
    {
        if (IsReleased) return;
        await record();
        IsReleased = true;
        // Even an empty write breaks the connection under an answer that has no body, such as 204.
        if (Length > 0) await wire.WriteAsync(GetBuffer().AsMemory(0, (int)Length), cancellation);
        base.SetLength(0);
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!IsReleased && Length + buffer.Length > maxBytes) await ReleaseAsync(cancellationToken);
        if (IsReleased) await wire.WriteAsync(buffer, cancellationToken);
        else base.Write(buffer.Span);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => IsReleased ? wire.FlushAsync(cancellationToken) : Task.CompletedTask;
}
