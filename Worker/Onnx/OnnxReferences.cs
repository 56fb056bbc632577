using System.Collections.Frozen;

namespace Platform.Worker.Onnx;

/// <summary>
/// Finds what the runtime must not be shown: what would make it open other files or load other code (weights kept outside,
/// compiled engines by path, operators of a library of somebody's own), and sizes that no file can mean. All of it is said
/// by name, since whoever uploaded it has to find it.
/// </summary>
internal static class OnnxReferences
{
    private const int MaxDepth = 64;

    /// <summary>Domains whose operators this runtime brings along; "" and "ai.onnx" are ONNX's own.</summary>
    private static readonly FrozenSet<string> Domains = FrozenSet.Create(
        "", "ai.onnx", "ai.onnx.ml", "ai.onnx.training", "ai.onnx.preview", "ai.onnx.preview.training", "com.microsoft", "com.microsoft.nchwc",
        "com.ms.internal.nhwc");

    private enum Message
    {
        Model,
        Graph,
        Node,
        Attribute,
        Tensor,
        SparseTensor,
        Function,
        Value,
    }

    /// <summary>Which field of a message holds which message, as far as one can lead to a tensor, a node or a shape (onnx.proto).</summary>
    private static readonly FrozenDictionary<(Message Parent, int Field), Message> Children = new Dictionary<(Message, int), Message>
    {
        [(Message.Model, 7)] = Message.Graph,
        [(Message.Model, 25)] = Message.Function,
        [(Message.Graph, 1)] = Message.Node,
        [(Message.Graph, 5)] = Message.Tensor,
        [(Message.Graph, 11)] = Message.Value,
        [(Message.Graph, 12)] = Message.Value,
        [(Message.Graph, 13)] = Message.Value,
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
        reason = Find(Message.Model, model, 0, OwnDomains(model)) ?? "";
        return reason.Length == 0;
    }

    /// <summary>Domains of functions that the file itself defines out of other operators.</summary>
    private static HashSet<string> OwnDomains(ReadOnlySpan<byte> content)
    {
        var domains = new HashSet<string>(StringComparer.Ordinal);
        for (var model = new ProtoReader(content); model.MoveNext();)
        {
            if (model.Field != 25) continue;
            for (var function = new ProtoReader(model.Content); function.MoveNext();)
            {
                if (function.Field == 10) domains.Add(OnnxText.Read(function.Content));
            }
        }

        return domains;
    }

    private static string? Find(Message message, ReadOnlySpan<byte> content, int depth, HashSet<string> ownDomains)
    {
        if (depth > MaxDepth) return $"The model's graphs are nested deeper than {MaxDepth} levels.";
        if (message is Message.Node && FindInNode(content, ownDomains) is { } node) return node;
        if (message is Message.Value) return OnnxSizes.FindInValue(content);
        var reader = new ProtoReader(content);
        while (reader.MoveNext())
        {
            // TensorProto.data_location (14) is 1 for EXTERNAL; external_data (13) says where.
            if (message == Message.Tensor && (reader.Field == 13 || (reader.Field == 14 && reader.Number == 1)))
                return "The model keeps weights in external data files beside it. Save it as one file: onnx.save(model, path, "
                    + "save_as_external_data=False).";
            if (!Children.TryGetValue((message, reader.Field), out var child)) continue;
            if (Find(child, reader.Content, depth + 1, ownDomains) is { } reason) return reason;
        }

        if (reader.IsDamaged) return "The file is not an ONNX model, or it was cut off on the way. Upload it again.";
        return message is Message.Tensor or Message.SparseTensor ? OnnxSizes.FindInTensor(content, message is Message.Tensor) : null;
    }

    private static string? FindInNode(ReadOnlySpan<byte> content, HashSet<string> ownDomains)
    {
        var (name, op, domain) = ("", "", "");
        for (var node = new ProtoReader(content); node.MoveNext();)
        {
            if (node.Field == 3) name = OnnxText.Read(node.Content);
            if (node.Field == 4) op = OnnxText.Read(node.Content);
            if (node.Field == 7) domain = OnnxText.Read(node.Content);
        }

        if (op == "EPContext")
            return $"The model holds an EPContext node ('{name}'), a compiled engine for one machine. Upload the model it was compiled from.";
        return Domains.Contains(domain) || ownDomains.Contains(domain)
            ? null
            : $"The node '{name}' is an operator of the domain '{domain}' ({op}), which needs a library of its own; such code is not loaded. "
                + "Export the model with ONNX's own operators, or with the operator as a function of the file.";
    }
}
