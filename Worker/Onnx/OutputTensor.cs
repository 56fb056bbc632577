using System.Buffers.Binary;
using Microsoft.ML.OnnxRuntime;
using Platform.Worker.Tensors;

namespace Platform.Worker.Onnx;

/// <summary>One output, or some items of one; its elements lie as in <see cref="Tensor"/>.</summary>
internal sealed class OutputTensor
{
    private readonly OrtValue? value;
    private readonly ReadOnlyMemory<byte> memory;
    private readonly int start;
    private readonly int length;

    internal OutputTensor(TensorSpec spec, OrtValue value)
    {
        (Spec, Shape) = (spec, value.GetTensorTypeAndShape().Shape);
        if (spec.Datatype == Datatype.Bytes) memory = Serialize(value, Shape);
        else this.value = value;
        length = All.Length;
    }

    /// <param name="memory">Lives as long as this.</param>
    public OutputTensor(TensorSpec spec, long[] shape, ReadOnlyMemory<byte> memory) =>
        (Spec, Shape, this.memory, length) = (spec, shape, memory, memory.Length);

    private OutputTensor(OutputTensor whole, int first, int count)
    {
        (Spec, Shape, value, memory) = (whole.Spec, Rows.Shape(whole.Shape, count), whole.value, whole.memory);
        var (from, bytes) = Rows.Locate(whole.Bytes, Spec.Datatype, whole.Shape, first, count);
        (start, length) = (whole.start + from, bytes);
    }

    public TensorSpec Spec { get; }

    public long[] Shape { get; }

    public ReadOnlySpan<byte> Bytes => All.Slice(start, length);

    private ReadOnlySpan<byte> All => value is null ? memory.Span : value.GetTensorMutableRawData();

    /// <summary>Some of its items, in the same memory.</summary>
    public OutputTensor TakeRows(int first, int count) => first == 0 && count == Shape[0] ? this : new OutputTensor(this, first, count);

    /// <summary>One of its elements, whatever kind of number it is; not for texts.</summary>
    public double NumberAt(int index) => Numbers.At(Spec.Datatype, Bytes, index);

    private static byte[] Serialize(OrtValue value, long[] shape)
    {
        Shapes.TryCount(shape, out var count);
        var size = 0;
        for (var i = 0; i < count; i++) size += BytesElements.PrefixBytes + value.GetStringElementAsSpan(i).Length;
        var bytes = new byte[size];
        var rest = bytes.AsSpan();
        for (var i = 0; i < count; i++)
        {
            var element = value.GetStringElementAsSpan(i);
            BinaryPrimitives.WriteUInt32LittleEndian(rest, (uint)element.Length);
            element.CopyTo(rest[BytesElements.PrefixBytes..]);
            rest = rest[(BytesElements.PrefixBytes + element.Length)..];
        }

        return bytes;
    }
}
