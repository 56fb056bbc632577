using Platform.SharedState.Frames;

namespace Platform.Benchmarks.Transport;

/// <summary>Takes a body and answers with a small one, as a worker does whose model costs nothing.</summary>
internal sealed class EchoService : IFrameService
{
    public static readonly byte[] Answer = new byte[200];

    public IFrameCall Begin(FrameRequest request, int bodyBytes) => new Call(bodyBytes);

    private sealed class Call(int bytes) : IFrameCall
    {
        private readonly byte[] body = System.Buffers.ArrayPool<byte>.Shared.Rent(bytes);

        public Memory<byte> Body => body;

        public ValueTask AnswerAsync(FrameReply reply, CancellationToken gone) => reply.AnswerAsync(
            new FrameAnswer { Status = 200, QueueMicroseconds = 1, ComputeMicroseconds = 2, BatchSize = 1 }, Answer);

        public void Dispose() => System.Buffers.ArrayPool<byte>.Shared.Return(body);
    }
}
