using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Platform.Core.Models;
using Platform.Core.Models.Datasets;

namespace Platform.Api.Precompute;

/// <summary>A dataset's rows as the requests that clients would send for them: V2 in JSON, an image or a line each.</summary>
internal static class DatasetRequests
{
    /// <exception cref="DatasetException">A row is none, or the dataset does not fit the model.</exception>
    public static IEnumerable<byte[]> Of(DatasetInfo dataset, byte[] content, ModelSignature signature) => dataset.Format switch
    {
        DatasetFormat.Idx => Images(content, signature),
        _ => Lines(content, signature),
    };

    private static IEnumerable<byte[]> Images(byte[] content, ModelSignature signature)
    {
        var header = IdxHeader.Parse(content, IdxHeader.ImageRank);
        if (signature.Inputs is not [{ Datatype: "FP32" } input])
            throw new DatasetException("the dataset gives one FP32 input, but the model takes others");
        var pixels = header.Dimensions[1] * header.Dimensions[2];
        for (var row = 0; row < header.Rows; row++)
        {
            var bytes = content.AsSpan(IdxHeader.Bytes(IdxHeader.ImageRank) + (row * pixels), pixels);
            var data = new JsonArray();
            foreach (var pixel in bytes) data.Add(pixel / 255f);
            yield return Request(Tensor(input, [1, 1, header.Dimensions[1], header.Dimensions[2]], data));
        }
    }

    private static IEnumerable<byte[]> Lines(byte[] content, ModelSignature signature)
    {
        for (var start = 0; start < content.Length;)
        {
            var length = content.AsSpan(start).IndexOf((byte)'\n');
            var line = content.AsMemory(start, length < 0 ? content.Length - start : length);
            start += line.Length + 1;
            if (line.Span.Trim(" \t\r"u8).IsEmpty) continue;
            var row = DatasetRow.Parse(line);
            yield return Request([.. row.Inputs.Select(one => OfRow(one, row.Labels.Length, signature))]);
        }
    }

    private static JsonObject OfRow(RowInput row, int items, ModelSignature signature)
    {
        var data = new JsonArray([.. row.Data.Select(element => JsonNode.Parse(element.GetRawText()))]);
        if (row is { Name: { } name, Shape: { } shape })
        {
            var spec = signature.Inputs.FirstOrDefault(input => input.Name == name)
                ?? throw new DatasetException($"the model has no input '{name}'");
            return Tensor(spec with { Datatype = row.Datatype ?? spec.Datatype }, [.. shape], data);
        }

        if (signature.Inputs is not [var only]) throw new DatasetException("plain numbers are for models with one input");
        long[] own = [.. only.Shape.Select((size, i) => size >= 0 ? size : i == 0 ? items : -1)];
        var free = Array.IndexOf(own, -1);
        if (free >= 0) own[free] = data.Count / own.Where(size => size >= 0).Aggregate(1L, (product, size) => product * size);
        return Tensor(only, own, data);
    }

    private static JsonObject Tensor(TensorSignature input, long[] shape, JsonArray data) => new()
    {
        ["name"] = input.Name,
        ["datatype"] = input.Datatype,
        ["shape"] = new JsonArray([.. shape.Select(size => JsonValue.Create(size))]),
        ["data"] = data,
    };

    private static byte[] Request(params JsonObject[] inputs) =>
        Encoding.UTF8.GetBytes(new JsonObject { ["inputs"] = new JsonArray([.. inputs]) }.ToJsonString(JsonSerializerOptions.Default));
}
