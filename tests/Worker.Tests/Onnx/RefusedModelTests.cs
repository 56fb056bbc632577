using Platform.Worker.Onnx;
using Platform.Worker.Tests.Support;

namespace Platform.Worker.Tests.Onnx;

public sealed class RefusedModelTests
{
    private static readonly byte[] Text = "<html>404 Not Found</html>"u8.ToArray();

    public static TheoryData<string, byte[], string> Refused => new()
    {
        { "empty", [], "The file is empty" },
        { "text", Text, "not an ONNX model" },
        { "zeros", new byte[1000], "not an ONNX model" },
        { "zip", [0x50, 0x4B, 3, 4, .. new byte[100]], "not an ONNX model" },
        { "cut off", Digits.Model("2.0.0")[..^5000], "not an ONNX model" },
        { "no graph", new ProtoWriter().Number(1, 8).Text(2, "x").ToArray(), "not an ONNX model" },
        { "IR version of the future", Builder(new OnnxBuilder { IrVersion = 99 }).Build(), "Unsupported model IR version" },
        { "opset of the future", Builder(new OnnxBuilder { Opset = 999 }).Build(), "999" },
        { "unknown operator", With("Frobnicate", "").Build(), "Frobnicate" },
        { "custom domain", With("Frobnicate", "com.example").Build(), "of the domain 'com.example' (Frobnicate)" },
        { "custom domain in a subgraph", Builder(new OnnxBuilder()).Node("If", ["x"], ["z"], more: Inside).Build(), "'com.hidden'" },
        { "initializer of 2^40", Sized(1L << 20, 1L << 20), "The tensor 'w' has more than" },
        { "initializer whose size overflows", Sized(1L << 40, 1L << 40, 1L << 40), "The tensor 'w' has more than" },
        { "initializer of negative size", Sized(4, -4), "negative size" },
        { "initializer without its numbers", Sized(1_000_000), "numbers, but the file has" },
        { "input of 2^40", Builder(new OnnxBuilder()).Input("huge", OnnxBuilder.Float, [1 << 20, 1 << 20]).Build(), "The value 'huge' has more than" },
        { "engine", With("EPContext", "com.microsoft").Build(), "compiled engine" },
        { "sequence", Sequence(), "is a sequence; only tensors can be served" },
        { "external data", External(graphDepth: 0), "external data files" },
        { "external data in a subgraph", External(graphDepth: 3), "external data files" },
        { "subgraphs without end", External(graphDepth: 500), "nested deeper" },
        { "complex numbers", Builder(new OnnxBuilder(), elementType: 14).Build(), "complex64" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Read_WhatCannotBeServed_SaysWhy(string name, byte[] model, string expected)
    {
        var refusal = Assert.Throws<UnusableModelException>(() => OnnxInspector.Read(model, CancellationToken.None));
        Assert.True(refusal.Message.Contains(expected, StringComparison.Ordinal), $"{name}: {refusal.Message}");
    }

    [Fact]
    public void Read_DamagedFile_IsReadOrRefused()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var whole = OnnxBuilder.Identity("FP32", "n", 4);
        for (var i = 0; i < 20_000; i++)
        {
            var damaged = whole.ToArray();
            for (var hits = random.Next(1, 4); hits > 0; hits--) damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            // Anything but this exception fails the test.
            Record.Exception(() => OnnxFile.Read(damaged)).Is<UnusableModelException>(seed);
        }
    }

    [Fact]
    public void Read_DamagedSample_DoesNotCrashTheRuntime()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var whole = Digits.Model("1.0.0");
        for (var i = 0; i < 150; i++)
        {
            var damaged = whole.ToArray();
            // The structure stands at the beginning and at the end; the weights between may be anything.
            var at = random.Next(600);
            damaged[at < 300 ? at : damaged.Length - at] = (byte)random.Next(256);
            Record.Exception(() => OnnxInspector.Read(damaged, CancellationToken.None)).Is<UnusableModelException>(seed);
        }
    }

    private static OnnxBuilder Builder(OnnxBuilder builder, int elementType = OnnxBuilder.Float) => builder
        .Input("x", elementType, ["n"])
        .Output("y", elementType, ["n"])
        .Node("Identity", ["x"], ["y"]);

    private static OnnxBuilder With(string op, string domain) => new OnnxBuilder()
        .Input("x", OnnxBuilder.Float, ["n"])
        .Output("y", OnnxBuilder.Float, ["n"])
        .Node(op, ["x"], ["y"], domain);

    private static byte[] Sized(params long[] shape) => Builder(new OnnxBuilder()).Floats("w", shape, [1, 2, 3, 4]).Build();

    private static void Inside(ProtoWriter node) => node.Message(5, attribute => attribute.Text(1, "then_branch").Message(
        6, graph => graph.Message(1, inner => inner.Text(3, "spy").Text(4, "Look").Text(7, "com.hidden"))));

    private static byte[] Sequence() => new OnnxBuilder()
        .Input("x", OnnxBuilder.Float, ["n", 2])
        .SequenceOutput("y", OnnxBuilder.Float)
        .Node("SplitToSequence", ["x"], ["y"])
        .Build();

    private static byte[] External(int graphDepth) => graphDepth == 0
        ? Builder(new OnnxBuilder()).Initializer(Tensor).Build()
        : Builder(new OnnxBuilder()).Node("If", ["x"], ["z"], more: node => Nested(node, graphDepth)).Build();

    private static void Nested(ProtoWriter node, int depth) => node.Message(5, attribute => attribute.Text(1, "then_branch").Message(6, graph =>
    {
        if (depth == 1) graph.Message(5, Tensor);
        else graph.Message(1, inner => Nested(inner.Text(4, "If"), depth - 1));
    }));

    private static void Tensor(ProtoWriter tensor) => tensor
        .Number(1, 4).Number(2, OnnxBuilder.Float).Text(8, "w").Number(14, 1)
        .Message(13, entry => entry.Text(1, "location").Text(2, "../../etc/passwd"));
}
