using Platform.Worker.Onnx;
using Platform.Worker.Tensors;

namespace Platform.Worker.Inference.Batching;

/// <summary>Puts the outputs of a request that ran in parts together again.</summary>
internal static class OutputJoin
{
    /// <summary>Takes the parts over, in the order of their items.</summary>
    /// <exception cref="ModelRunException">The parts do not fit together.</exception>
    public static ModelOutputs Join(List<RequestPart> parts)
    {
        if (parts is [var alone]) return alone.Outputs;
        try
        {
            var owner = new Buffers();
            var count = parts[0].Outputs.Tensors.Length;
            return new ModelOutputs([.. Enumerable.Range(0, count).Select(i => Copy([.. parts.Select(part => part.Outputs.Tensors[i])], owner))], owner);
        }
        finally
        {
            foreach (var part in parts) part.Outputs.Dispose();
        }
    }

    private static OutputTensor Copy(OutputTensor[] parts, Buffers owner)
    {
        var first = parts[0];
        var bytes = parts.Sum(part => (long)part.Bytes.Length);
        if (bytes > Array.MaxLength || Array.Exists(parts, part => !part.Shape.AsSpan(1).SequenceEqual(first.Shape.AsSpan(1))))
            throw new ModelRunException(
                $"the output '{first.Spec.Name}' cannot be joined, since its size depends on the items; send fewer of them", refusedInputs: false, null);
        var buffer = owner.Rent((int)bytes);
        var rest = buffer.Span;
        foreach (var part in parts)
        {
            part.Bytes.CopyTo(rest);
            rest = rest[part.Bytes.Length..];
        }

        return new OutputTensor(
            first.Spec, Rows.Shape(first.Shape, (int)parts.Sum(part => part.Shape[0])), buffer.Memory[..(int)bytes]);
    }

    private sealed class Buffers : IDisposable
    {
        private readonly List<PinnedBuffer> buffers = [];

        public PinnedBuffer Rent(int bytes)
        {
            var buffer = PinnedPool.Shared.Rent(bytes);
            buffers.Add(buffer);
            return buffer;
        }

        public void Dispose()
        {
            foreach (var buffer in buffers) buffer.Dispose();
        }
    }
}
