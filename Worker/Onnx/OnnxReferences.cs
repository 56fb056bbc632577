using System.Collections.Frozen;

namespace Platform.Worker.Onnx;

/// <summary>
/// Finds what in a model would make the runtime open other files: weights kept outside it, and compiled engines by
/// path. Such a file could read whatever the worker may read, so it is refused before the runtime sees it.
/// </summary>
internal static class OnnxReferences
{
    private const int MaxDepth = 64;

    private enum Message
    {
        Model,
        Graph,
        Node,
        Attribute,
        Tensor,
        SparseTensor,
        Function,
    }

    /// <summary>Which field of a message holds which message, as far as one can lead to a tensor or a node (onnx.proto).</summary>
    private static readonly FrozenDictionary<(Message Parent, int Field), Message> Children = new Dictionary<(Message, int), Message>
    {
        [(Message.Model, 7)] = Message.Graph,
        [(Message.Model, 25)] = Message.Function,
        [(Message.Graph, 1)] = Message.Node,
        [(Message.Graph, 5)] = Message.Tensor,
        [(Message.Graph, 15)] = Message.SparseTensor,
        [(Message.Node, 5)] = Message.Attribute,
        [(Message.Attribute, 5)] = Message.Tensor,
        [(Message.Attribute, 6)] = Message.Graph,
        [(Message.Attribute, 10)] = Message.Tensor,
        [(Message.Attribute, 11)] = Message.Graph,
        [(Message.Attribute, 22)] = Message.SparseTensor,
        [(Message.Attribute, 23)] = Message.SparseTensor,
        [(Message.SparseTensor, 1)] = Message.Tensor,
        [(Message.SparseTensor, 2)] = Message.Tensor,
        [(Message.Function, 7)] = Message.Node,
        [(Message.Function, 11)] = Message.Attribute,
    }.ToFrozenDictionary();

    public static bool TryCheck(ReadOnlySpan<byte> model, out string reason)
    {
        reason = Find(Message.Model, model, 0) ?? "";
        return reason.Length == 0;
    }

    private static string? Find(Message message, ReadOnlySpan<byte> content, int depth)
    {
        if (depth > MaxDepth) return $"The model's graphs are nested deeper than {MaxDepth} levels.";
        var reader = new ProtoReader(content);
        while (reader.MoveNext())
        {
            // TensorProto.data_location (14) is 1 for EXTERNAL; external_data (13) says where.
            if (message == Message.Tensor && (reader.Field == 13 || (reader.Field == 14 && reader.Number == 1)))
                return "The model keeps weights in external data files beside it. Save it as one file: onnx.save(model, path, "
                    + "save_as_external_data=False).";
            if (message == Message.Node && reader.Field == 4 && reader.Content.SequenceEqual("EPContext"u8))
                return "The model holds an EPContext node, a compiled engine for one machine. Upload the model it was compiled from.";
            if (!Children.TryGetValue((message, reader.Field), out var child)) continue;
            if (Find(child, reader.Content, depth + 1) is { } reason) return reason;
        }

        return reader.IsDamaged ? "The file is not an ONNX model, or it was cut off on the way. Upload it again." : null;
    }
}
