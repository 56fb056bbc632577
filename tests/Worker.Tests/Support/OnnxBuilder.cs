namespace Platform.Worker.Tests.Support;

/// <summary>Tiny ONNX models (onnx.proto), made in the test that needs them.</summary>
internal sealed class OnnxBuilder
{
    public const int Float = 1;
    public const int Int64 = 7;
    public const int Text = 8;

    private readonly ProtoWriter graph = new ProtoWriter().Text(2, "g");

    public long IrVersion { get; init; } = 8;

    public long Opset { get; init; } = 17;

    /// <summary>The metadata property of that name; null leaves it empty.</summary>
    public string? Labels { get; init; }

    public static int ElementType(string datatype) => datatype switch
    {
        "FP32" => Float,
        "UINT8" => 2,
        "INT8" => 3,
        "UINT16" => 4,
        "INT16" => 5,
        "INT32" => 6,
        "INT64" => Int64,
        "BYTES" => Text,
        "BOOL" => 9,
        "FP16" => 10,
        "FP64" => 11,
        "UINT32" => 12,
        "UINT64" => 13,
        "BF16" => 16,
        _ => throw new ArgumentException(datatype),
    };

    /// <summary>Gives its input back.</summary>
    public static byte[] Identity(string datatype, params object[] shape) => new OnnxBuilder()
        .Input("x", ElementType(datatype), shape)
        .Output("y", ElementType(datatype), shape)
        .Node("Identity", ["x"], ["y"])
        .Build();

    /// <param name="shape">A number, or a name for a free dimension; null for no shape at all.</param>
    public OnnxBuilder Input(string name, int elementType, object[]? shape) => Value(11, name, type => Tensor(type, elementType, shape));

    public OnnxBuilder Output(string name, int elementType, object[]? shape) => Value(12, name, type => Tensor(type, elementType, shape));

    public OnnxBuilder SequenceOutput(string name, int elementType) =>
        Value(12, name, type => type.Message(4, sequence => sequence.Message(1, element => Tensor(element, elementType, null))));

    public OnnxBuilder Node(string op, string[] inputs, string[] outputs, string domain = "", Action<ProtoWriter>? more = null)
    {
        graph.Message(1, node =>
        {
            foreach (var input in inputs) node.Text(1, input);
            foreach (var output in outputs) node.Text(2, output);
            node.Text(4, op).Text(7, domain);
            more?.Invoke(node);
        });
        return this;
    }

    public OnnxBuilder Initializer(Action<ProtoWriter> tensor)
    {
        graph.Message(5, tensor);
        return this;
    }

    /// <summary>Constants of that name; an input of the same name has them as its default.</summary>
    public OnnxBuilder Floats(string name, long[] shape, float[] values) => Initializer(tensor =>
    {
        foreach (var dimension in shape) tensor.Number(1, dimension);
        tensor.Number(2, Float).Text(8, name).Bytes(9, System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(values));
    });

    /// <summary>An attribute that is a list of whole numbers.</summary>
    public static Action<ProtoWriter> Ints(string name, params long[] values) => node => node.Message(5, attribute =>
    {
        attribute.Text(1, name);
        foreach (var value in values) attribute.Number(8, value);
        attribute.Number(20, 7);
    });

    public byte[] Build() => new ProtoWriter()
        .Number(1, IrVersion)
        .Text(2, "tests")
        .Bytes(7, graph.ToArray())
        .Message(8, opset => opset.Text(1, "").Number(2, Opset))
        .Message(14, property => property.Text(1, "made-by").Text(2, "a test"))
        .Message(14, property => property.Text(1, "labels").Text(2, Labels ?? ""))
        .ToArray();

    private OnnxBuilder Value(int field, string name, Action<ProtoWriter> type)
    {
        graph.Message(field, value => value.Text(1, name).Message(2, type));
        return this;
    }

    private static void Tensor(ProtoWriter type, int elementType, object[]? shape) => type.Message(1, tensor =>
    {
        tensor.Number(1, elementType);
        if (shape is null) return;
        tensor.Message(2, dimensions =>
        {
            foreach (var dimension in shape)
            {
                dimensions.Message(1, one =>
                {
                    if (dimension is string name) one.Text(2, name);
                    else one.Number(1, (int)dimension);
                });
            }
        });
    });
}
