using System.Runtime.InteropServices;
using Platform.Worker.Onnx;
using Platform.Worker.Tensors;

namespace Platform.Worker.Validation;

/// <summary>Inputs made up for a trial: all zero, or random numbers that any model should bear.</summary>
internal static class ProbeInputs
{
    /// <summary>The same numbers each time, so that a failure can be had again.</summary>
    private const int Seed = 7;

    public static Random NewRandom() => new(Seed);

    /// <summary>
    /// Whether the inputs promise that any batch goes. The outputs need not: a graph with a batch fixed inside is read
    /// with fixed outputs, and is to be found out.
    /// </summary>
    public static bool PromiseBatches(OnnxModel model) =>
        !model.Signature.Inputs.IsEmpty
        && model.Interface.Inputs.All(input => !input.AnyShape && input.Shape is [-1, ..])
        && model.Signature.Inputs.Select(input => input.Dimensions[0]).Distinct().Count() == 1;

    /// <summary>Whether inputs of these shapes are something that the model must be able to take.</summary>
    public static bool AreConclusive(OnnxModel model) =>
        model.Interface.Inputs.All(input => !input.AnyShape && input.Shape.Skip(PromiseBatches(model) ? 1 : 0).All(dimension => dimension >= 0));

    /// <param name="random">Floats from 0 to 1, and whole numbers 0 and 1, which are safe as indices; null for zeros.</param>
    public static OwnedTensors Make(OnnxModel model, int batch, Random? random)
    {
        var (tensors, isBatched) = (model.Interface, PromiseBatches(model));
        var owned = new OwnedTensors(tensors.Inputs.Length);
        try
        {
            for (var i = 0; i < tensors.Inputs.Length; i++)
            {
                var input = tensors.Inputs[i];
                var shape = input.Shape.Select((size, axis) => size >= 0 ? size : axis == 0 && isBatched ? batch : 1).ToArray();
                Fill(owned.Add(i, input, shape), random);
            }

            return owned;
        }
        catch
        {
            owned.Dispose();
            throw;
        }
    }

    private static void Fill(Tensor tensor, Random? random)
    {
        // A BYTES element that is all zero is an empty string.
        tensor.Bytes.Clear();
        if (random is null || tensor.Datatype is Datatype.Bytes) return;
        var size = tensor.Datatype.ElementBytes();
        for (var at = 0; at < tensor.Length; at += size) Write(tensor.Datatype, tensor.Bytes.Slice(at, size), random);
    }

    private static void Write(Datatype datatype, Span<byte> element, Random random)
    {
        var value = random.NextSingle();
        if (datatype is Datatype.Fp32) MemoryMarshal.Write(element, value);
        else if (datatype is Datatype.Fp64) MemoryMarshal.Write(element, (double)value);
        else if (datatype is Datatype.Fp16) MemoryMarshal.Write(element, (Half)value);
        else if (datatype is Datatype.Bf16) MemoryMarshal.Write(element, (ushort)(BitConverter.SingleToUInt32Bits(value) >> 16));
        else element[0] = (byte)(value < 0.5f ? 0 : 1);
    }
}
