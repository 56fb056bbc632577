using System.Buffers.Binary;
using System.Collections.Immutable;
using Microsoft.ML.OnnxRuntime;
using Platform.Worker.Tensors;

namespace Platform.Worker.Onnx;

/// <summary>What a run gave, in the runtime's own memory until it is disposed.</summary>
internal sealed class ModelOutputs : IDisposable
{
    private readonly IDisposableReadOnlyCollection<OrtValue> values;

    internal ModelOutputs(IDisposableReadOnlyCollection<OrtValue> values, ImmutableArray<TensorSpec> specs)
    {
        this.values = values;
        Tensors = new OutputTensor[specs.Length];
        for (var i = 0; i < specs.Length; i++) Tensors[i] = new OutputTensor(specs[i], values[i]);
    }

    public OutputTensor[] Tensors { get; }

    public void Dispose() => values.Dispose();
}

/// <summary>One output; its elements lie as in <see cref="Tensor"/>.</summary>
internal sealed class OutputTensor
{
    private readonly OrtValue value;
    private readonly byte[]? serialized;

    internal OutputTensor(TensorSpec spec, OrtValue value)
    {
        this.value = value;
        Spec = spec;
        Shape = value.GetTensorTypeAndShape().Shape;
        if (spec.Datatype == Datatype.Bytes) serialized = Serialize(value, Shape);
    }

    public TensorSpec Spec { get; }

    public long[] Shape { get; }

    public ReadOnlySpan<byte> Bytes => serialized is null ? value.GetTensorMutableRawData() : serialized;

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
