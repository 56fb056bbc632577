using Platform.Core.Batching;
using Platform.Worker.Tensors;

namespace Platform.Worker.Inference.Batching;

/// <summary>The inputs of a batch, one after another along the first dimension.</summary>
internal sealed class InputJoin : IDisposable
{
    private readonly List<PinnedBuffer> buffers = [];

    private InputJoin(Tensor[] inputs) => Inputs = inputs;

    public Tensor[] Inputs { get; private init; }

    /// <summary>Inputs of one request stay where they are; those of several are copied once.</summary>
    public static InputJoin Of(IReadOnlyList<BatchSlice<PendingRequest>> slices)
    {
        var tensors = slices.Select(Part).ToArray();
        if (tensors is [var alone]) return new InputJoin(alone);
        var join = new InputJoin(new Tensor[tensors[0].Length]);
        for (var i = 0; i < join.Inputs.Length; i++) join.Inputs[i] = join.Copy([.. tensors.Select(inputs => inputs[i])]);
        return join;
    }

    public void Dispose()
    {
        foreach (var buffer in buffers) buffer.Dispose();
    }

    private static Tensor[] Part(BatchSlice<PendingRequest> slice)
    {
        var inputs = slice.Request.Item.Request.Inputs;
        return slice.Count == slice.Request.Size ? inputs : Array.ConvertAll(inputs, input => input.TakeRows(slice.First, slice.Count));
    }

    private Tensor Copy(Tensor[] parts)
    {
        var bytes = parts.Sum(part => part.Length);
        var buffer = PinnedPool.Shared.Rent(bytes + PinnedBuffer.Alignment);
        buffers.Add(buffer);
        var joined = new Tensor(
            parts[0].Datatype, Rows.Shape(parts[0].Shape, (int)parts.Sum(part => part.Shape[0])), buffer, buffer.AlignedStart, bytes);
        var rest = joined.Bytes;
        foreach (var part in parts)
        {
            part.Bytes.CopyTo(rest);
            rest = rest[part.Length..];
        }

        return joined;
    }
}
