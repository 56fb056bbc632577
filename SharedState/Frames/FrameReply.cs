using System.IO.Pipelines;

namespace Platform.SharedState.Frames;

/// <summary>Takes the answer to one request.</summary>
public sealed class FrameReply
{
    private readonly FrameSession session;
    private readonly FrameOutput output;

    internal FrameReply(FrameSession session, FrameOutput output) => (this.session, this.output) = (session, output);

    /// <summary>Whether it is too late for another answer.</summary>
    public bool HasBegun { get; private set; }

    internal bool HasEnded { get; set; }

    /// <summary>Says what the answer is; exactly <paramref name="bodyBytes"/> are to be written then.</summary>
    public PipeWriter Begin(FrameAnswer answer, long bodyBytes)
    {
        HasBegun = true;
        session.Enter(FramePhase.Sending);
        output.Begin(answer, bodyBytes);
        return output;
    }

    /// <summary>Sends what has been written since.</summary>
    public async ValueTask EndAsync()
    {
        await output.SendAsync(CancellationToken.None);
        HasEnded = true;
    }

    /// <summary>A whole answer.</summary>
    public async ValueTask AnswerAsync(FrameAnswer answer, ReadOnlyMemory<byte> body)
    {
        Begin(answer, body.Length);
        await output.SendAsync(body, CancellationToken.None);
        HasEnded = true;
    }
}
