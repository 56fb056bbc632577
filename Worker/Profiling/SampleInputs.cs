using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Platform.Worker.Tensors;

namespace Platform.Worker.Profiling;

/// <summary>Random items for a model, the same ones every time. Free dimensions get the size given.</summary>
internal sealed class SampleInputs(ModelInterface tensors, int freeDimension) : IDisposable
{
    /// <summary>Items that differ; they repeat after this many, which no power of two does.</summary>
    public const int Distinct = 7;

    /// <summary>What a batch of samples may take; larger ones are not tried.</summary>
    private const long MaxBytes = 64 << 20;

    private readonly List<PinnedBuffer> buffers = [];

    public bool CanMake(int count) => tensors.Inputs.All(input =>
        Shapes.TryCount(ShapeOf(input, count), out var elements)
        && elements * Math.Max(input.Datatype.ElementBytes(), BytesElements.PrefixBytes + 1) <= MaxBytes);

    public Tensor[] Make(int first, int count) => [.. tensors.Inputs.Select(input => Make(input, first, count))];

    public void Dispose()
    {
        foreach (var buffer in buffers) buffer.Dispose();
    }

    private long[] ShapeOf(TensorSpec input, int count) =>
        [count, .. input.Shape.Skip(1).Select(dimension => dimension < 0 ? freeDimension : dimension)];

    private Tensor Make(TensorSpec input, int first, int count)
    {
        var shape = ShapeOf(input, count);
        Shapes.TryCount(shape, out var elements);
        var elementBytes = input.Datatype == Datatype.Bytes ? BytesElements.PrefixBytes + 1 : input.Datatype.ElementBytes();
        var length = (int)elements * elementBytes;
        var buffer = PinnedPool.Shared.Rent(length + PinnedBuffer.Alignment);
        buffers.Add(buffer);
        var tensor = new Tensor(input.Datatype, shape, buffer, buffer.AlignedStart, length);
        var rowBytes = length / count;
        for (var row = 0; row < count; row++)
            Fill(tensor.Bytes.Slice(row * rowBytes, rowBytes), input.Datatype, new Random((first + row) % Distinct));
        return tensor;
    }

    /// <summary>Whole numbers are 0 or 1, so that they are in range whatever the model looks up with them.</summary>
    private static void Fill(Span<byte> row, Datatype datatype, Random random)
    {
        switch (datatype)
        {
            case Datatype.Fp32:
                foreach (ref var value in MemoryMarshal.Cast<byte, float>(row)) value = random.NextSingle();
                break;
            case Datatype.Fp64:
                foreach (ref var value in MemoryMarshal.Cast<byte, double>(row)) value = random.NextDouble();
                break;
            case Datatype.Fp16:
                foreach (ref var value in MemoryMarshal.Cast<byte, Half>(row)) value = (Half)random.NextSingle();
                break;
            case Datatype.Bf16:
                foreach (ref var value in MemoryMarshal.Cast<byte, ushort>(row)) value = (ushort)(BitConverter.SingleToUInt32Bits(random.NextSingle()) >> 16);
                break;
            case Datatype.Bytes:
                for (; !row.IsEmpty; row = row[(BytesElements.PrefixBytes + 1)..])
                {
                    BinaryPrimitives.WriteUInt32LittleEndian(row, 1);
                    row[BytesElements.PrefixBytes] = (byte)random.Next('0', '9' + 1);
                }

                break;
            default:
                row.Clear();
                for (var at = 0; at < row.Length; at += datatype.ElementBytes()) row[at] = (byte)random.Next(2);
                break;
        }
    }
}
