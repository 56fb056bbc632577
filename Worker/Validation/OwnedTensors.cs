using Platform.Worker.Onnx;
using Platform.Worker.Tensors;

namespace Platform.Worker.Validation;

/// <summary>Inputs in the graph's order, with the memory they lie in.</summary>
internal sealed class OwnedTensors(int count) : IDisposable
{
    private readonly List<PinnedBuffer> buffers = new(count);

    public Tensor[] Tensors { get; } = new Tensor[count];

    /// <summary>Makes room for an input; its bytes are whatever was there before.</summary>
    /// <exception cref="UnusableModelException">It fits into no buffer.</exception>
    public Tensor Add(int index, TensorSpec input, long[] shape, int? bytes = null)
    {
        if (!Shapes.TryCount(shape, out var elements)) throw TooLarge(input);
        // An empty string travels as its length of zero, four bytes.
        var length = bytes ?? elements * (input.Datatype is Datatype.Bytes ? BytesElements.PrefixBytes : input.Datatype.ElementBytes());
        if (length > Array.MaxLength) throw TooLarge(input);
        var buffer = PinnedPool.Shared.Rent((int)length);
        buffers.Add(buffer);
        return Tensors[index] = new Tensor(input.Datatype, shape, buffer, 0, (int)length);
    }

    public void Dispose()
    {
        foreach (var buffer in buffers) buffer.Dispose();
        buffers.Clear();
    }

    private static UnusableModelException TooLarge(TensorSpec input) => new($"The input '{input.Name}' is too large for any buffer.");
}
