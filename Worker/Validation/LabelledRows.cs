using System.Text;
using Platform.Core.Models.Datasets;
using Platform.Worker.Tensors;

namespace Platform.Worker.Validation;

/// <summary>Items with their true answers, ready to run.</summary>
internal sealed record LabelledBatch(OwnedTensors Inputs, double[] Labels) : IDisposable
{
    public void Dispose() => Inputs.Dispose();
}

/// <summary>A dataset's rows as the model takes them.</summary>
internal sealed class LabelledRows(DatasetInfo dataset, byte[] content, byte[]? labels)
{
    /// <exception cref="DatasetException">A row does not fit the model.</exception>
    public IEnumerable<LabelledBatch> Batches(ModelInterface model, int batch) => dataset.Format switch
    {
        DatasetFormat.Idx => Images(model, model.IsBatched ? batch : 1),
        DatasetFormat.Jsonl => Lines(model),
        _ => throw new DatasetException($"this worker cannot read datasets of the format {dataset.Format}"),
    };

    /// <summary>Images of unsigned bytes as FP32 [N,1,rows,columns] from 0 to 1.</summary>
    private IEnumerable<LabelledBatch> Images(ModelInterface model, int batch)
    {
        var header = IdxHeader.Parse(content, IdxHeader.ImageRank);
        if (model.Inputs is not [{ Datatype: Datatype.Fp32 } input] || !input.Admits([1, 1, header.Dimensions[1], header.Dimensions[2]]))
        {
            throw new DatasetException($"the dataset gives one FP32 input [N,1,{header.Dimensions[1]},{header.Dimensions[2]}], but the model takes "
                + string.Join(", ", model.Inputs.Select(spec => $"{spec.Name} {spec.Datatype.Name()} {Shapes.Text(spec.Shape)}")));
        }

        for (var first = 0; first < header.Rows; first += batch)
        {
            var count = Math.Min(batch, header.Rows - first);
            var inputs = new OwnedTensors(1);
            var pixels = inputs.Add(0, input, [count, 1, header.Dimensions[1], header.Dimensions[2]]).As<float>();
            var bytes = content.AsSpan(IdxHeader.Bytes(IdxHeader.ImageRank) + (first * pixels.Length / count), pixels.Length);
            IdxHeader.Scale(bytes, pixels);
            var answers = labels.AsSpan(IdxHeader.Bytes(IdxHeader.LabelRank) + first, count).ToArray();
            yield return new(inputs, Array.ConvertAll(answers, answer => (double)answer));
        }
    }

    private IEnumerable<LabelledBatch> Lines(ModelInterface model)
    {
        var number = 0;
        for (var start = 0; start < content.Length;)
        {
            var length = content.AsSpan(start).IndexOf((byte)'\n');
            var line = content.AsMemory(start, length < 0 ? content.Length - start : length);
            start += line.Length + 1;
            number++;
            if (line.Span.Trim(" \t\r"u8).IsEmpty) continue;
            yield return Read(model, line, number);
        }
    }

    private static LabelledBatch Read(ModelInterface model, ReadOnlyMemory<byte> line, int number)
    {
        try
        {
            var row = DatasetRow.Parse(line);
            return new(RowTensors.Make(row, model), [.. row.Labels]);
        }
        catch (Exception e) when (e is DatasetException or FormatException or OverflowException or InvalidOperationException)
        {
            throw new DatasetException($"row {number}: {e.Message}");
        }
    }
}
