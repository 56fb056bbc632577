using System.Collections.Immutable;
using Platform.Worker.Tensors;

namespace Platform.Worker.Inference.Codec;

/// <summary>An output that the answer is to hold.</summary>
/// <param name="Classes">How many of its highest values are wanted in its place; 0 for the output itself.</param>
internal readonly record struct RequestedOutput(TensorSpec Spec, bool IsBinary, int Classes = 0);

/// <summary>A decoded request. It owns the memory of its tensors.</summary>
internal sealed class InferRequest : IDisposable
{
    private readonly List<PinnedBuffer> buffers = new(2);

    /// <summary>The client's own id; null where it gave none.</summary>
    public string? Id { get; set; }

    /// <summary>In the graph's order.</summary>
    public Tensor[] Inputs { get; set; } = [];

    /// <summary>In the client's order.</summary>
    public ImmutableArray<RequestedOutput> Outputs { get; set; } = [];

    /// <summary>The same without their form; the model's own array where the client asked for all of them in its order.</summary>
    public ImmutableArray<TensorSpec> OutputSpecs { get; set; } = [];

    /// <summary>How long the client is willing to wait; null where it does not say.</summary>
    public TimeSpan? Timeout { get; set; }

    /// <summary>1 is the highest; 0 leaves it to the platform.</summary>
    public ulong Priority { get; set; }

    /// <summary>Whether it shares no run with others, so that it does not hold up theirs.</summary>
    public bool RunsAlone { get; init; }

    /// <summary>Items in it: the first dimension, or 1 where the model has no batch dimension.</summary>
    public int BatchSize { get; set; } = 1;

    public PinnedBuffer Rent(int bytes)
    {
        var buffer = PinnedPool.Shared.Rent(bytes);
        buffers.Add(buffer);
        return buffer;
    }

    public void Dispose()
    {
        foreach (var buffer in buffers) buffer.Dispose();
        buffers.Clear();
    }
}
