using Platform.Worker.Onnx;
using Platform.Worker.Tensors;

namespace Platform.Worker.Profiling;

/// <summary>Runs a model once on zeros: the first run of a session can take a hundred milliseconds and more.</summary>
internal static class Warmup
{
    /// <exception cref="ModelRunException">The model does not run on zeros.</exception>
    public static void Run(OnnxModel model) => Run(model, inputs => model.Run(inputs, model.Interface.Outputs).Dispose());

    /// <summary>Gives back what a model's arenas hold from larger runs before.</summary>
    /// <exception cref="ModelRunException">The model does not run on zeros.</exception>
    public static void Shrink(OnnxModel model) => Run(model, model.RunAndShrink);

    private static void Run(OnnxModel model, Action<Tensor[]> run)
    {
        var buffers = new List<PinnedBuffer>();
        try
        {
            var inputs = model.Interface.Inputs.Select(input => Zeros(input, buffers)).ToArray();
            run(inputs);
        }
        finally
        {
            foreach (var buffer in buffers) buffer.Dispose();
        }
    }

    /// <summary>Whether zeros of this shape are something that the model must be able to take.</summary>
    public static bool IsConclusive(ModelInterface tensors) =>
        tensors.Inputs.All(input => !input.AnyShape && input.Shape.Skip(tensors.IsBatched ? 1 : 0).All(dimension => dimension >= 0));

    private static Tensor Zeros(TensorSpec input, List<PinnedBuffer> buffers)
    {
        var shape = input.Shape.Select(dimension => dimension < 0 ? 1 : dimension).ToArray();
        if (!Shapes.TryCount(shape, out var elements)) throw new UnusableModelException($"The input '{input.Name}' is too large for "
            + "any buffer.");
        // An empty string travels as its length of zero, four bytes.
        var length = elements * (input.Datatype == Datatype.Bytes ? BytesElements.PrefixBytes : input.Datatype.ElementBytes());
        if (length > Array.MaxLength) throw new UnusableModelException($"The input '{input.Name}' is too large for any buffer.");
        var buffer = PinnedPool.Shared.Rent((int)length);
        buffers.Add(buffer);
        buffer.Span[..(int)length].Clear();
        return new Tensor(input.Datatype, shape, buffer, 0, (int)length);
    }
}
