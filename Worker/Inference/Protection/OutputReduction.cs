using Platform.Core.Protection;
using Platform.Worker.Onnx;
using Platform.Worker.Tensors;

namespace Platform.Worker.Inference.Protection;

/// <summary>Gives a caller less than the whole answer: fewer decimals, or only the highest scores of each item.</summary>
internal static class OutputReduction
{
    public static OutputTensor[] Apply(OutputTensor[] outputs, OutputLimit? limit, int items) =>
        limit is null ? outputs : [.. outputs.Select(output => Apply(output, limit, items))];

    private static OutputTensor Apply(OutputTensor output, OutputLimit limit, int items)
    {
        if (output.Spec.Datatype is not (Datatype.Fp16 or Datatype.Bf16 or Datatype.Fp32 or Datatype.Fp64)) return output;
        var count = output.Bytes.Length / output.Spec.Datatype.ElementBytes();
        var numbers = Enumerable.Range(0, count).Select(output.NumberAt).ToArray();
        var width = items > 0 && count % items == 0 ? count / items : count;
        if (width > 0) foreach (var row in numbers.Chunk(width).Select((row, i) => (Row: limit.Reduce(row), At: i * width))) row.Row.CopyTo(numbers, row.At);
        return new OutputTensor(output.Spec, output.Shape, Write(numbers, output.Spec.Datatype));
    }

    private static byte[] Write(double[] numbers, Datatype datatype)
    {
        var size = datatype.ElementBytes();
        var bytes = new byte[numbers.Length * size];
        for (var i = 0; i < numbers.Length; i++)
        {
            var at = bytes.AsSpan(i * size, size);
            switch (datatype)
            {
                case Datatype.Fp64:
                    BitConverter.TryWriteBytes(at, numbers[i]);
                    break;
                case Datatype.Fp32:
                    BitConverter.TryWriteBytes(at, (float)numbers[i]);
                    break;
                case Datatype.Fp16:
                    BitConverter.TryWriteBytes(at, (Half)numbers[i]);
                    break;
                default:
                    BitConverter.TryWriteBytes(at, (ushort)(BitConverter.SingleToUInt32Bits((float)numbers[i]) >> 16));
                    break;
            }
        }

        return bytes;
    }
}
