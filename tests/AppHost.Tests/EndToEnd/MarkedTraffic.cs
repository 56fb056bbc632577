using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Platform.Api.Inference.Protocol;
using Platform.Worker.Tests.Support;

namespace Platform.AppHost.Tests.EndToEnd;

/// <summary>Marked values on every way into the platform but plain REST: gRPC, datasets, remembered answers, batch jobs, a model that fails on them.</summary>
internal sealed class MarkedTraffic(RunningPlatform platform, string mark, float[] pixels)
{
    /// <summary>An index that a model refuses while it runs, and names in its complaint.</summary>
    public const string Index = "771234567";

    private readonly HttpClient api = platform.Api;

    private float[] Image => [.. Enumerable.Range(0, DigitsData.Pixels).Select(i => pixels[i % pixels.Length])];

    private string Row => string.Join(',', Image.Select(pixel => pixel.ToString("R", CultureInfo.InvariantCulture)));

    /// <summary>Image and answer, over gRPC, of a person.</summary>
    public async Task AskOverGrpcAsync(string subject)
    {
        using var channel = GrpcChannel.ForAddress(new UriBuilder(platform.Endpoint("api", "grpc")) { Scheme = "http" }.Uri);
        var request = new ModelInferRequest { ModelName = "digits", Id = $"{mark}-grpc" };
        request.Inputs.Add(new ModelInferRequest.Types.InferInputTensor { Name = "image", Datatype = "FP32", Shape = { 1, 1, 28, 28 } });
        request.RawInputContents.Add(ByteString.CopyFrom(MemoryMarshal.AsBytes<float>(Image)));
        var answer = await new GRPCInferenceService.GRPCInferenceServiceClient(channel).ModelInferAsync(
            request,
            new Metadata { { "authorization", $"Bearer {RunningPlatform.AdminKey}" }, { "routing-key", $"{mark}-routing" }, { "subject", subject } });
        Assert.Equal($"{mark}-grpc", answer.Id);
    }

    /// <summary>A dataset of marked rows, and its answers remembered before anybody asks.</summary>
    public async Task PrecomputeAsync()
    {
        using var rows = new StringContent($$"""{"inputs":[{{Row}}],"labels":[3]}""" + "\n", Encoding.UTF8, "application/jsonl");
        using var put = await api.PutAsync("/v1/models/digits/datasets/marked", rows);
        Assert.True(put.IsSuccessStatusCode, await put.Content.ReadAsStringAsync());
        var filled = await api.SendJsonAsync(HttpMethod.Post, "/v1/models/digits/versions/2.0.0/precompute", new { dataset = "marked" });
        Assert.Equal((1, 0), (filled.GetProperty("rows").GetInt32(), filled.GetProperty("failed").GetInt32()));
    }

    /// <summary>A job with one row that is scored and one whose marked cell is no number.</summary>
    /// <returns>Its id.</returns>
    public async Task<string> RunJobAsync(string subject)
    {
        var header = string.Join(',', Enumerable.Range(0, DigitsData.Pixels).Select(i => $"image[{i}]"));
        var job = await CreateJobAsync(subject);
        (await JobData.SendAsync(api, job, Encoding.UTF8.GetBytes($"{header}\n{Row}\n{mark}-cell,{Row[(Row.IndexOf(',', StringComparison.Ordinal) + 1)..]}\n"))).EnsureSuccessStatusCode();
        var ended = await JobData.UntilEndAsync(api, job);
        Assert.Equal(("succeeded", 1, 1), (JobData.State(ended), JobData.RowsDone(ended), ended.GetProperty("rows_failed").GetInt64()));
        Assert.Contains($"{mark}-cell", await api.GetStringAsync($"/v1/jobs/{job}/errors"), StringComparison.Ordinal);
        return job;
    }

    /// <summary>A file without a header: its first line has somebody's name where the columns should be.</summary>
    public async Task RunJobWithoutHeaderAsync()
    {
        var job = await CreateJobAsync(subject: null);
        (await JobData.SendAsync(api, job, Encoding.UTF8.GetBytes($"{mark}-column,{Row}\n"))).EnsureSuccessStatusCode();
        var ended = await JobData.UntilEndAsync(api, job);
        Assert.Equal(("failed", $"{mark}-column"), (JobData.State(ended), ended.GetProperty("fault").GetProperty("column").GetString()));
    }

    /// <summary>The runtime names the value that it could not take: to the caller, and to nobody else.</summary>
    public async Task FailAsync()
    {
        var model = new OnnxBuilder()
            .Input("x", OnnxBuilder.Int64, ["n"]).Output("y", OnnxBuilder.Float, ["n"])
            .Initializer(tensor => tensor.Number(1, 3).Number(2, OnnxBuilder.Float).Text(8, "table").Bytes(9, MemoryMarshal.AsBytes<float>([1.5f, 2.5f, 3.5f])))
            .Node("Gather", ["table", "x"], ["y"]).Build();
        await api.SendJsonAsync(HttpMethod.Post, "/v1/models", new { name = "table" });
        await api.SendJsonAsync(HttpMethod.Post, "/v1/models/table/versions", new { version = "1.0.0" });
        using var content = new ByteArrayContent(model);
        content.Headers.ContentType = new("application/octet-stream");
        using var uploaded = await api.PutAsync("/v1/models/table/versions/1.0.0/artifact", content);
        Assert.True(uploaded.IsSuccessStatusCode, await uploaded.Content.ReadAsStringAsync());
        await api.SendJsonAsync(HttpMethod.Post, "/v1/models/table/deploy", new { version = "1.0.0" });
        using var answer = await api.PostAsJsonAsync(
            "/v2/models/table/infer", new { inputs = new[] { new { name = "x", datatype = "INT64", shape = new[] { 1 }, data = new[] { long.Parse(Index, CultureInfo.InvariantCulture) } } } });
        Assert.Contains(Index, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
    }

    private async Task<string> CreateJobAsync(string? subject)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/jobs")
        {
            Content = JsonContent.Create(new { model = "digits", input = new { format = "csv" }, output = new { format = "jsonl" } }),
        };
        if (subject is not null) request.Headers.Add("X-Subject", subject);
        using var response = await api.SendAsync(request);
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
    }
}
