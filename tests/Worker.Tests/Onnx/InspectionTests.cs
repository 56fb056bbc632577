using System.Net;
using System.Text.Json;
using Platform.Core;
using Platform.Core.Models;
using Platform.SharedState.Workers;
using Platform.Worker.Tests.Support;

namespace Platform.Worker.Tests.Onnx;

public sealed class InspectionTests
{
    [Fact]
    public async Task Inspect_Model_GivesItsSignature()
    {
        await using var host = await WorkerHost.StartAsync();
        using var response = await InspectAsync(host, await host.StageAsync(Digits.Model("2.0.0")));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var signature = JsonSerializer.Deserialize<ModelSignature>(await response.TextAsync(), PlatformJson.Options)!;
        Assert.Equal("image", signature.Inputs[0].Name);
        Assert.Equal(17, signature.Opsets[""]);
    }

    [Fact]
    public async Task Inspect_Garbage_SaysWhyAndGoesOn()
    {
        await using var host = await WorkerHost.StartAsync();
        using var refused = await InspectAsync(host, await host.StageAsync([1, 2, 3]));
        Assert.Contains("not an ONNX model", await refused.ErrorAsync(HttpStatusCode.UnprocessableEntity), StringComparison.Ordinal);
        using var next = await InspectAsync(host, await host.StageAsync(Digits.Model("1.0.0")));
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
    }

    [Theory]
    [InlineData("0123456789abcdef0123456789abcdef")]
    [InlineData("..%2F..%2Fetc%2Fpasswd")]
    public async Task Inspect_UnknownUpload_IsNotFound(string id)
    {
        await using var host = await WorkerHost.StartAsync();
        using var response = await InspectAsync(host, id);
        Assert.Contains("no staged upload", await response.ErrorAsync(HttpStatusCode.NotFound), StringComparison.Ordinal);
    }

    private static Task<HttpResponseMessage> InspectAsync(WorkerHost host, string id) =>
        host.Client.PostAsync(new Uri(WorkerProtocol.InspectPath(id), UriKind.Relative), null, TestContext.Current.CancellationToken);
}
