using System.Collections.Immutable;
using System.Text;

namespace Platform.Worker.Onnx;

/// <summary>
/// What ONNX Runtime does not tell of a file, read from its protobuf (onnx.proto), and what must be known before the
/// runtime sees it: that it asks for no other file. Runs on any bytes in time linear in their length.
/// </summary>
/// <param name="Opsets">Operator-set version by domain; "" is ONNX's own.</param>
/// <param name="Shapeless">Graph inputs and outputs that are declared without a shape.</param>
/// <param name="Properties">Metadata properties; the runtime's own way to them ends in an exception for names that are no text.</param>
internal sealed record OnnxFile(
    string Producer, ImmutableDictionary<string, long> Opsets, ImmutableHashSet<string> Shapeless, ImmutableDictionary<string, string> Properties)
{
    private const string NotOnnx = "The file is not an ONNX model: its bytes are not a ModelProto. Upload the .onnx file that your "
        + "exporter wrote.";

    /// <exception cref="UnusableModelException">The bytes are no ONNX model, or one that needs other files.</exception>
    public static OnnxFile Read(ReadOnlySpan<byte> file)
    {
        if (file.IsEmpty) throw new UnusableModelException("The file is empty. Upload the .onnx file that your exporter wrote.");
        var producer = "";
        var opsets = ImmutableDictionary.CreateBuilder<string, long>();
        var properties = ImmutableDictionary.CreateBuilder<string, string>();
        var shapeless = ImmutableHashSet.CreateBuilder<string>();
        var hasGraph = false;
        var model = new ProtoReader(file);
        while (model.MoveNext())
        {
            switch (model.Field)
            {
                case 2:
                    producer = OnnxText.Read(model.Content);
                    break;
                case 7:
                    hasGraph = true;
                    AddShapeless(model.Content, shapeless);
                    break;
                case 8:
                    var (domain, version) = ReadOpset(model.Content);
                    opsets[domain] = version;
                    break;
                case 14:
                    var (key, value) = ReadProperty(model.Content);
                    properties[key] = value;
                    break;
                default:
                    break;
            }
        }

        if (model.IsDamaged || !hasGraph) throw new UnusableModelException(NotOnnx);
        if (!OnnxReferences.TryCheck(file, out var reason)) throw new UnusableModelException(reason);
        return new OnnxFile(producer, opsets.ToImmutable(), shapeless.ToImmutable(), properties.ToImmutable());
    }

    private static (string Key, string Value) ReadProperty(ReadOnlySpan<byte> content)
    {
        var (key, value) = ("", "");
        for (var entry = new ProtoReader(content); entry.MoveNext();)
        {
            if (entry.Field == 1) key = OnnxText.Read(entry.Content);
            if (entry.Field == 2) value = Encoding.UTF8.GetString(entry.Content);
        }

        return (key, value);
    }

    private static (string Domain, long Version) ReadOpset(ReadOnlySpan<byte> content)
    {
        var (domain, version) = ("", 0L);
        for (var opset = new ProtoReader(content); opset.MoveNext();)
        {
            if (opset.Field == 1) domain = OnnxText.Read(opset.Content);
            if (opset.Field == 2) version = (long)opset.Number;
        }

        // "ai.onnx" is another spelling of the default domain.
        return (domain == "ai.onnx" ? "" : domain, version);
    }

    private static void AddShapeless(ReadOnlySpan<byte> content, ImmutableHashSet<string>.Builder shapeless)
    {
        for (var graph = new ProtoReader(content); graph.MoveNext();)
        {
            if (graph.Field is not (11 or 12)) continue;
            var name = "";
            var hasShape = false;
            for (var value = new ProtoReader(graph.Content); value.MoveNext();)
            {
                if (value.Field == 1) name = OnnxText.Read(value.Content);
                // TypeProto.tensor_type (1) holds the shape as its field 2.
                if (value.Field == 2) hasShape |= HasField(Child(value.Content, 1), 2);
            }

            if (!hasShape) shapeless.Add(name);
        }
    }

    private static ReadOnlySpan<byte> Child(ReadOnlySpan<byte> content, int field)
    {
        for (var message = new ProtoReader(content); message.MoveNext();)
        {
            if (message.Field == field) return message.Content;
        }

        return default;
    }

    private static bool HasField(ReadOnlySpan<byte> content, int field)
    {
        for (var message = new ProtoReader(content); message.MoveNext();)
        {
            if (message.Field == field) return true;
        }

        return false;
    }
}
