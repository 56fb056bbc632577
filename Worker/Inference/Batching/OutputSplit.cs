using System.Collections.Immutable;
using Platform.Worker.Onnx;
using Platform.Worker.Tensors;

namespace Platform.Worker.Inference.Batching;

/// <summary>One run's outputs, given out to the requests that shared it; freed with the last of them.</summary>
internal sealed class OutputSplit(ModelOutputs outputs, int users) : IDisposable
{
    private int left = users;

    /// <summary>Whether every output has an item for each of the batch's, so that it is clear whose is whose.</summary>
    public static bool Fits(ModelOutputs outputs, int items) =>
        Array.TrueForAll(outputs.Tensors, tensor => tensor.Shape is [var rows, ..] && rows == items);

    /// <summary>A request's own items of the outputs that it asked for.</summary>
    public ModelOutputs Take(int first, int count, ImmutableArray<TensorSpec> wanted) =>
        new([.. wanted.Select(spec => Array.Find(outputs.Tensors, tensor => tensor.Spec == spec)!.TakeRows(first, count))], this);

    public void Dispose()
    {
        if (Interlocked.Decrement(ref left) == 0) outputs.Dispose();
    }
}
