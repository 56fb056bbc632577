using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Platform.Core.Models;
using Platform.Worker.Onnx;
using Platform.Worker.Tensors;

namespace Platform.Worker.Inference.Codec;

/// <summary>The classification extension: an output's highest values as "value:index", or "value:index:label" where the file names its classes.</summary>
internal static class Classification
{
    /// <summary>Says before the model runs what would fail after it.</summary>
    public static void EnsurePossible(in RequestedOutput output)
    {
        if (output.Classes > 0 && output.Spec.Datatype is Datatype.Bytes or Datatype.Bool)
            throw RequestException.BadRequest(
                $"class result not available for output '{output.Spec.Name}' due to unsupported type '{output.Spec.Datatype.Name()}'; it needs numbers");
    }

    /// <summary>The outputs as they were asked for: those without classes are the model's own. More than those may have run.</summary>
    public static OutputTensor[] Apply(OutputTensor[] outputs, ImmutableArray<RequestedOutput> requested, bool isBatched) =>
        requested.Any(output => output.Classes > 0)
            ? [.. requested.Select((output, i) => output.Classes > 0 ? Top(outputs[i], output.Classes, isBatched) : outputs[i])]
            : outputs;

    private static OutputTensor Top(OutputTensor output, int classes, bool isBatched)
    {
        Shapes.TryCount(output.Shape, out var elements);
        var rows = isBatched ? output.Shape[0] : 1;
        var width = rows == 0 ? 0 : (int)(elements / rows);
        var count = Math.Min(classes, width);
        var bytes = new List<byte>();
        for (var row = 0; row < rows; row++)
        {
            var values = Values(output.Bytes.Slice(row * width * output.Spec.Datatype.ElementBytes(), width * output.Spec.Datatype.ElementBytes()), output.Spec.Datatype);
            // Equal values stay in the order of their indices; what is no number comes last.
            foreach (var index in Enumerable.Range(0, width).OrderByDescending(i => double.IsNaN(values[i]) ? double.NegativeInfinity : values[i]).Take(count))
                Append(bytes, Text(values[index], index, output.Spec));
        }

        var spec = new TensorSpec(new TensorSignature(output.Spec.Name, Datatype.Bytes.Name(), [-1], [null]), anyShape: true);
        return new OutputTensor(spec, isBatched ? [rows, count] : [count], bytes.ToArray());
    }

    private static string Text(double value, int index, TensorSpec spec)
    {
        // Six decimals for what has a fraction, none for whole numbers: as C's %f and %d, which clients know.
        var format = spec.Datatype is Datatype.Fp16 or Datatype.Bf16 or Datatype.Fp32 or Datatype.Fp64 ? "F6" : "F0";
        var label = index < spec.Labels.Length ? $":{spec.Labels[index]}" : "";
        return $"{value.ToString(format, CultureInfo.InvariantCulture)}:{index.ToString(CultureInfo.InvariantCulture)}{label}";
    }

    private static void Append(List<byte> bytes, string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        Span<byte> length = stackalloc byte[BytesElements.PrefixBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(length, (uint)utf8.Length);
        bytes.AddRange(length);
        bytes.AddRange(utf8);
    }

    private static double[] Values(ReadOnlySpan<byte> row, Datatype datatype) => datatype switch
    {
        Datatype.Uint8 => As<byte>(row, value => value),
        Datatype.Uint16 => As<ushort>(row, value => value),
        Datatype.Uint32 => As<uint>(row, value => value),
        Datatype.Uint64 => As<ulong>(row, value => value),
        Datatype.Int8 => As<sbyte>(row, value => value),
        Datatype.Int16 => As<short>(row, value => value),
        Datatype.Int32 => As<int>(row, value => value),
        Datatype.Int64 => As<long>(row, value => value),
        Datatype.Fp16 => As<Half>(row, value => (double)value),
        Datatype.Bf16 => As<ushort>(row, value => BitConverter.UInt32BitsToSingle((uint)value << 16)),
        Datatype.Fp64 => As<double>(row, value => value),
        _ => As<float>(row, value => value),
    };

    private static double[] As<T>(ReadOnlySpan<byte> row, Func<T, double> value)
        where T : unmanaged => Array.ConvertAll(MemoryMarshal.Cast<byte, T>(row).ToArray(), element => value(element));
}
