using System.Net;
using Platform.SharedState.Workers;
using Platform.Worker.Tests.Support;

namespace Platform.Worker.Tests.Onnx;

/// <summary>Models whose bytes look harmless and whose loading or running is not. What they cost is an error.</summary>
public sealed class HostileModelTests
{
    private const int Bool = 9;

    /// <summary>Bounds far below this machine's, so that a test that does not hold them is noticed and does no harm.</summary>
    private static readonly (string, string)[] Bounds = [("Inspection:MinMemoryBytes", "536870912"), ("Inspection:Timeout", "00:00:20")];

    public static TheoryData<string, byte[]> Bombs => new()
    {
        { "ConstantOfShape 2^40", Shaped("ConstantOfShape", [1L << 20, 1L << 20]) },
        { "ConstantOfShape 2^62", Shaped("ConstantOfShape", [1L << 31, 1L << 31]) },
        { "Expand to 16 GiB", Over("Expand", [4, 1L << 30]) },
        { "Tile to 16 GiB", Over("Tile", [1L << 32]) },
        { "doubled forty times", Doubled(40) },
    };

    [Theory]
    [MemberData(nameof(Bombs))]
    public async Task Inspect_ModelThatEatsMemory_IsRefusedAndTheWorkerGoesOn(string name, byte[] model)
    {
        await using var host = await WorkerHost.StartAsync(Bounds);
        using var refused = await InspectAsync(host, model);
        Assert.True(refused.StatusCode == HttpStatusCode.UnprocessableEntity, $"{name}: {await refused.TextAsync()}");
        using var next = await InspectAsync(host, Digits.Model("2.0.0"));
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
    }

    [Fact]
    public async Task Inspect_LoopThatNeverEnds_IsRefusedAndTheWorkerGoesOn()
    {
        await using var host = await WorkerHost.StartAsync(("Inspection:Timeout", "00:00:04"));
        using var refused = await InspectAsync(host, Endless());
        Assert.Contains("took longer than 4 s", await refused.ErrorAsync(HttpStatusCode.UnprocessableEntity), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_LoopThatNeverEnds_IsAFailedLoad()
    {
        await using var host = await WorkerHost.StartAsync(("Worker:MaxLoadTime", "00:00:01"));
        var failure = await Record.ExceptionAsync(() => host.LoadAsync("endless", "1.0.0", Endless()));
        Assert.Equal("UnusableModelException", failure?.GetType().Name);
    }

    [Theory]
    [InlineData("1.1.0")]
    [InlineData("2.3.0-faulty")]
    public async Task Inspect_HonestModel_IsTakenWithinTheSameBounds(string version)
    {
        await using var host = await WorkerHost.StartAsync(Bounds);
        using var taken = await InspectAsync(host, Digits.Model(version));
        Assert.Equal(HttpStatusCode.OK, taken.StatusCode);
    }

    private static async Task<HttpResponseMessage> InspectAsync(WorkerHost host, byte[] model) => await host.Client.PostAsync(
        new Uri(WorkerProtocol.InspectPath(await host.StageAsync(model)), UriKind.Relative), null, TestContext.Current.CancellationToken);

    private static byte[] Shaped(string op, long[] shape) => new OnnxBuilder()
        .Input("x", OnnxBuilder.Float, [1]).Output("y", OnnxBuilder.Float, ["n"])
        .Initializer(tensor => Longs(tensor, "shape", shape))
        .Node(op, ["shape"], ["big"]).Node("ReduceMax", ["big"], ["most"]).Node("Add", ["x", "most"], ["y"]).Build();

    private static byte[] Over(string op, long[] sizes) => new OnnxBuilder()
        .Input("x", OnnxBuilder.Float, [1]).Output("y", OnnxBuilder.Float, ["n"])
        .Initializer(tensor => Longs(tensor, "sizes", sizes))
        .Node(op, ["x", "sizes"], ["big"]).Node("ReduceMax", ["big"], ["y"]).Build();

    private static byte[] Doubled(int times)
    {
        var builder = new OnnxBuilder().Input("x", OnnxBuilder.Float, [1]).Output("y", OnnxBuilder.Float, ["n"]).Floats("v0", [1024], new float[1024]);
        for (var i = 0; i < times; i++) builder.Node("Concat", [$"v{i}", $"v{i}"], [$"v{i + 1}"], more: Axis);
        return builder.Node("ReduceMax", [$"v{times}"], ["most"]).Node("Add", ["x", "most"], ["y"]).Build();

        static void Axis(ProtoWriter node) => node.Message(5, attribute => attribute.Text(1, "axis").Number(3, 0).Number(20, 2));
    }

    private static byte[] Endless() => new OnnxBuilder()
        .Input("x", OnnxBuilder.Float, [1]).Output("y", OnnxBuilder.Float, [1])
        .Initializer(tensor => tensor.Number(2, OnnxBuilder.Int64).Text(8, "trips").Bytes(9, BitConverter.GetBytes(long.MaxValue)))
        .Initializer(tensor => tensor.Number(2, Bool).Text(8, "on").Bytes(9, [1]))
        .Node("Loop", ["trips", "on", "x"], ["y"], more: Body).Build();

    private static void Body(ProtoWriter node) => node.Message(5, attribute => attribute.Text(1, "body").Number(20, 5).Message(6, graph => graph
        .Text(2, "body")
        .Message(1, one => one.Text(1, "go").Text(2, "goes").Text(4, "Identity"))
        .Message(1, one => one.Text(1, "v").Text(1, "v").Text(2, "w").Text(4, "Mul"))
        .Message(11, input => Scalar(input, "i", OnnxBuilder.Int64)).Message(11, input => Scalar(input, "go", Bool)).Message(11, input => Row(input, "v"))
        .Message(12, output => Scalar(output, "goes", Bool)).Message(12, output => Row(output, "w"))));

    private static void Scalar(ProtoWriter value, string name, int type) =>
        value.Text(1, name).Message(2, of => of.Message(1, tensor => tensor.Number(1, type).Message(2, _ => { })));

    private static void Row(ProtoWriter value, string name) => value.Text(1, name).Message(
        2, of => of.Message(1, tensor => tensor.Number(1, OnnxBuilder.Float).Message(2, shape => shape.Message(1, one => one.Number(1, 1)))));

    private static void Longs(ProtoWriter tensor, string name, long[] values) => tensor.Number(1, values.Length).Number(2, OnnxBuilder.Int64).Text(8, name)
        .Bytes(9, System.Runtime.InteropServices.MemoryMarshal.AsBytes<long>(values));
}
