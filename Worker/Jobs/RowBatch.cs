using Platform.Core.Tensors;
using Platform.Formats;
using Platform.Worker.Onnx;
using Platform.Worker.Tensors;

namespace Platform.Worker.Jobs;

/// <summary>Rows as the inputs of one run, one after another along the first dimension.</summary>
internal sealed class RowBatch : IDisposable
{
    private readonly List<PinnedBuffer> buffers = [];

    private RowBatch(ModelInterface model, IReadOnlyList<InputRow> rows) =>
        Inputs = [.. model.Inputs.Select((spec, i) => Join(spec, [.. rows.Select(row => row.Tensors[i])], model.IsBatched))];

    public Tensor[] Inputs { get; }

    /// <param name="rows">Of one shape; a single one where the model takes no batches.</param>
    public static RowBatch Of(ModelInterface model, IReadOnlyList<InputRow> rows) => new(model, rows);

    /// <summary>Whether two rows can share a run.</summary>
    public static bool Share(InputRow a, InputRow b)
    {
        for (var i = 0; i < a.Tensors.Length; i++)
        {
            if (!a.Tensors[i].Shape.AsSpan().SequenceEqual(b.Tensors[i].Shape.AsSpan())) return false;
        }

        return true;
    }

    /// <summary>Whether it is clear which part of the outputs is whose.</summary>
    public static bool HasItemEach(ModelOutputs outputs, int items) =>
        Array.TrueForAll(outputs.Tensors, tensor => tensor.Shape is [var first, ..] && first == items);

    /// <summary>One row's outputs, copied, since the run's memory goes.</summary>
    public static InputRow TakeRow(ModelOutputs outputs, long number, int index, bool hasItemEach) =>
        new(number, [.. outputs.Tensors.Select(tensor => Copy(tensor, index, hasItemEach))], null);

    public void Dispose()
    {
        foreach (var buffer in buffers) buffer.Dispose();
    }

    private static RowTensor Copy(OutputTensor tensor, int index, bool hasItemEach)
    {
        var item = hasItemEach ? tensor.TakeRows(index, 1) : tensor;
        return new(tensor.Spec.Name, tensor.Spec.Datatype, hasItemEach ? [.. item.Shape.AsSpan(1)] : [.. item.Shape], item.Bytes.ToArray());
    }

    private Tensor Join(TensorSpec spec, RowTensor[] items, bool isBatched)
    {
        var bytes = items.Sum(item => item.Data.Length);
        var buffer = PinnedPool.Shared.Rent(bytes + PinnedBuffer.Alignment);
        buffers.Add(buffer);
        long[] shape = isBatched ? [items.Length, .. items[0].Shape] : [.. items[0].Shape];
        var tensor = new Tensor(spec.Datatype, shape, buffer, buffer.AlignedStart, bytes);
        var rest = tensor.Bytes;
        foreach (var item in items)
        {
            item.Data.Span.CopyTo(rest);
            rest = rest[item.Data.Length..];
        }

        return tensor;
    }
}
