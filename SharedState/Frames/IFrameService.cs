namespace Platform.SharedState.Frames;

/// <summary>What stands behind a listener.</summary>
public interface IFrameService
{
    /// <summary>A request has begun to come in; the call says where its body goes, and answers it.</summary>
    IFrameCall Begin(FrameRequest request, int bodyBytes);
}

/// <summary>One request at a listener. Disposed of when its answer is out or nobody waits for one.</summary>
public interface IFrameCall : IDisposable
{
    /// <summary>Takes the body; when it is too short for it, the body is dropped and the call answers without.</summary>
    Memory<byte> Body { get; }

    /// <param name="reply">Takes one answer.</param>
    /// <param name="gone">Cancelled when the caller has hung up.</param>
    ValueTask AnswerAsync(FrameReply reply, CancellationToken gone);
}
