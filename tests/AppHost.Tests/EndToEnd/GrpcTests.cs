using System.Net.Http.Json;
using System.Runtime.InteropServices;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Grpc.Reflection.V1Alpha;
using Platform.Api.Inference.Protocol;

namespace Platform.AppHost.Tests.EndToEnd;

/// <summary>The V2 protocol over gRPC, as a client of another make speaks it.</summary>
public sealed class GrpcTests(SharedPlatform shared) : IDisposable
{
    private static readonly Metadata Key = new() { { "authorization", $"Bearer {RunningPlatform.AdminKey}" } };
    private readonly HttpClient api = shared.Platform.Api;
    private readonly string model = $"m-{Guid.NewGuid():n}";
    private readonly GrpcChannel channel = GrpcChannel.ForAddress(
        new UriBuilder(shared.Platform.Endpoint("api", "grpc")) { Scheme = "http" }.Uri,
        new GrpcChannelOptions { MaxReceiveMessageSize = null, MaxSendMessageSize = null });

    private GRPCInferenceService.GRPCInferenceServiceClient Client => new(channel);

    public void Dispose() => channel.Dispose();

    [Fact]
    public async Task ModelInfer_RawAndTyped_GiveWhatRestGives()
    {
        await DigitsData.DeployAsync(api, model, "2.0.0", "2.0.0");
        var expected = await DigitsData.InferAsync(api, model, 0, 3);
        var typed = Request(3);
        typed.Inputs[0].Contents = new InferTensorContents { Fp32Contents = { DigitsData.Inputs(0, 3) } };
        typed.RawInputContents.Clear();

        foreach (var request in (ModelInferRequest[])[Request(3), typed])
        {
            request.Id = "mine";
            using var call = Client.ModelInferAsync(request, With(("x-request-id", "r-17")));
            var headers = await call.ResponseHeadersAsync;
            var response = await call;

            Assert.Equal(expected, Floats(response));
            Assert.Equal(("mine", model, "2.0.0"), (response.Id, response.ModelName, response.ModelVersion));
            Assert.Equal([3L, 10L], response.Outputs.Single().Shape);
            Assert.Equal(("r-17", "2.0.0", "stable"), (headers.GetValue("x-request-id"), headers.GetValue("x-model-version"), headers.GetValue("x-route")));
            Assert.NotEmpty(headers.GetValue("x-worker-id")!);
        }
    }

    [Fact]
    public async Task Calls_AreMeasuredUnderTheNamesThatOpenTelemetryGivesThem()
    {
        await DigitsData.DeployAsync(api, model, "2.0.0", "2.0.0");
        await Client.ModelInferAsync(Request(1), Key);
        await RefusedAsync(new ModelInferRequest(Request(1)) { ModelName = "nobody" }, StatusCode.NotFound, "unknown model");

        var exposed = await api.GetStringAsync("/metrics");

        var calls = exposed.Split('\n').Where(line => line.StartsWith("rpc_server_call_duration_seconds_count{", StringComparison.Ordinal)
            && line.Contains("rpc_method=\"inference.GRPCInferenceService/ModelInfer\"", StringComparison.Ordinal)).ToArray();
        Assert.All(calls, line => Assert.Contains("rpc_system_name=\"grpc\"", line, StringComparison.Ordinal));
        Assert.Contains(calls, line => line.Contains("rpc_response_status_code=\"OK\"", StringComparison.Ordinal));
        // The caller's mistake is a status and no error of the server.
        Assert.Contains(calls, line => line.Contains("rpc_response_status_code=\"NOT_FOUND\"", StringComparison.Ordinal) && !line.Contains("error_type", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ModelInfer_OfWhatCannotBe_HasTheStatusThatClientsKnow()
    {
        await DigitsData.DeployAsync(api, model, "1.0.0", "1.0.0");
        var both = Request(1);
        both.Inputs[0].Contents = new InferTensorContents { Fp32Contents = { 1 } };
        var shape = Request(1);
        shape.Inputs[0].Shape[3] = 27;
        var negative = Request(1);
        negative.Inputs[0].Shape[0] = -1;

        await RefusedAsync(both, StatusCode.InvalidArgument, "contents field must not be specified when using raw_input_contents for 'image'");
        await RefusedAsync(shape, StatusCode.InvalidArgument, "unexpected shape for input 'image'");
        await RefusedAsync(negative, StatusCode.InvalidArgument, "negative dimension -1");
        await RefusedAsync(new ModelInferRequest(Request(1)) { ModelName = "nobody" }, StatusCode.NotFound, "Request for unknown model: 'nobody' is not found");
        await RefusedAsync(new ModelInferRequest(Request(1)) { ModelVersion = "9.9.9" }, StatusCode.NotFound, "version 9.9.9 is not found");
        var nobody = await Assert.ThrowsAsync<RpcException>(async () => await Client.ModelInferAsync(Request(1)));
        Assert.Equal(StatusCode.Unauthenticated, nobody.StatusCode);
        Assert.True((await Client.ServerLiveAsync(new ServerLiveRequest())).Live);
    }

    [Fact]
    public async Task ModelInfer_MessageOverTheLimit_IsResourceExhausted()
    {
        await DigitsData.DeployAsync(api, model, "1.0.0", "1.0.0");
        var large = new ModelInferRequest(Request(1)) { RawInputContents = { ByteString.CopyFrom(new byte[65 << 20]) } };

        Assert.Equal(StatusCode.ResourceExhausted, (await Assert.ThrowsAsync<RpcException>(async () => await Client.ModelInferAsync(large, Key))).StatusCode);
    }

    [Fact]
    public async Task ModelStreamInfer_AnError_IsOneAnswerAndTheStreamGoesOn()
    {
        await DigitsData.DeployAsync(api, model, "1.0.0", "1.0.0");
        using var stream = Client.ModelStreamInfer(Key);
        for (var i = 0; i < 50; i++)
        {
            var request = new ModelInferRequest(Request(1)) { Id = $"{i}" };
            if (i % 7 == 3) request.ModelName = "nobody";
            await stream.RequestStream.WriteAsync(request, TestContext.Current.CancellationToken);
        }

        await stream.RequestStream.CompleteAsync();
        var answers = new List<ModelStreamInferResponse>();
        while (await stream.ResponseStream.MoveNext(TestContext.Current.CancellationToken)) answers.Add(stream.ResponseStream.Current);

        Assert.Equal(Enumerable.Range(0, 50).Select(i => $"{i}"), answers.Select(answer => answer.InferResponse.Id));
        Assert.All(answers.Index(), answer => Assert.Equal(answer.Index % 7 == 3, answer.Item.ErrorMessage.Contains("'nobody' is not found", StringComparison.Ordinal)));
        Assert.All(answers.Where(answer => answer.ErrorMessage.Length == 0), answer => Assert.Equal(10, Floats(answer.InferResponse).Length));
    }

    [Fact]
    public async Task Facts_AreThoseOfRest()
    {
        await DigitsData.DeployAsync(api, model, "2.0.0", "2.0.0");

        var metadata = await Client.ModelMetadataAsync(new ModelMetadataRequest { Name = model }, Key);
        var config = (await Client.ModelConfigAsync(new ModelConfigRequest { Name = model }, Key)).Config;
        var server = await Client.ServerMetadataAsync(new ServerMetadataRequest(), Key);

        Assert.Equal(("image", "FP32"), (metadata.Inputs.Single().Name, metadata.Inputs.Single().Datatype));
        Assert.Equal([-1L, 1, 28, 28], metadata.Inputs.Single().Shape);
        Assert.Equal(["2.0.0"], metadata.Versions);
        Assert.Equal([1L, 28, 28], config.Input.Single().Dims);
        Assert.Equal(DataType.TypeFp32, config.Output.Single().DataType);
        Assert.Equal(32, config.MaxBatchSize);
        Assert.Contains("statistics", server.Extensions);
        Assert.True((await Client.ModelReadyAsync(new ModelReadyRequest { Name = model }, Key)).Ready);
        Assert.False((await Client.ModelReadyAsync(new ModelReadyRequest { Name = "nobody" }, Key)).Ready);
    }

    [Fact]
    public async Task HealthAndReflection_NeedNoKey()
    {
        var health = await new Health.HealthClient(channel).CheckAsync(new HealthCheckRequest());
        using var reflection = new ServerReflection.ServerReflectionClient(channel).ServerReflectionInfo();
        await reflection.RequestStream.WriteAsync(new ServerReflectionRequest { ListServices = "" }, TestContext.Current.CancellationToken);
        await reflection.ResponseStream.MoveNext(TestContext.Current.CancellationToken);

        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, health.Status);
        Assert.Contains("inference.GRPCInferenceService", reflection.ResponseStream.Current.ListServicesResponse.Service.Select(service => service.Name));
    }

    [Fact]
    public async Task Repository_UnloadAndLoad_TakeTheModelOffAndPutItBack()
    {
        await DigitsData.DeployAsync(api, model, "1.0.0", "1.0.0");

        await Client.RepositoryModelUnloadAsync(new RepositoryModelUnloadRequest { ModelName = model }, Key);
        await RefusedAsync(Request(1), StatusCode.Unavailable, "has no available versions");
        await Client.RepositoryModelLoadAsync(new RepositoryModelLoadRequest { ModelName = model }, Key);
        var index = await Client.RepositoryIndexAsync(new RepositoryIndexRequest { Ready = true }, Key);

        Assert.Contains(index.Models, row => (row.Name, row.Version, row.State) == (model, "1.0.0", "READY"));
        Assert.Equal(10, Floats(await Client.ModelInferAsync(Request(1), Key)).Length);
    }

    [Fact]
    public async Task Repository_LoadAndUnload_AreInTheAuditLogWhetherGrantedOrNot()
    {
        await DigitsData.DeployAsync(api, model, "1.0.0", "1.0.0");
        await Client.RepositoryModelLoadAsync(new RepositoryModelLoadRequest { ModelName = model }, Key);
        await Assert.ThrowsAsync<RpcException>(() => Client.RepositoryModelLoadAsync(new() { ModelName = $"{model}-none" }, Key).ResponseAsync);
        await Assert.ThrowsAsync<RpcException>(() => Client.RepositoryModelUnloadAsync(new() { ModelName = model }, new Metadata()).ResponseAsync);
        var viewer = await api.SendJsonAsync(HttpMethod.Post, "/v1/keys", new { name = $"v-{model}", roles = (string[])["viewer"] });
        var reader = new Metadata { { "authorization", $"Bearer {viewer.GetProperty("secret").GetString()}" } };
        await ForbiddenAsync(Client.RepositoryModelUnloadAsync(new() { ModelName = model }, reader).ResponseAsync);

        Assert.Equal([("asked", ""), ("answered", "done")], await EntriesAsync($"action=repository.models.load&resource=repository/models/{model}"));
        Assert.Equal(["asked", "answered"], (await EntriesAsync($"action=repository.models.load&resource=repository/models/{model}-none")).Select(entry => entry.Phase));
        Assert.Equal([("answered", "forbidden")], await EntriesAsync($"action=repository.models.unload&actor=v-{model}"));
        Assert.Contains(("answered", "unauthenticated"), await EntriesAsync("action=repository.models.unload&actor=anonymous"));
    }

    [Fact]
    public async Task Caller_WhoCannotSignIn_IsCounted()
    {
        async Task<long> CountedAsync() => (await api.GetFromJsonAsync<System.Text.Json.JsonElement>("/v1/audit?action=sign_in.failed&page_size=500"))
            .GetProperty("items").EnumerateArray().Sum(entry => entry.GetProperty("count").GetInt64());
        var before = await CountedAsync();
        for (var i = 0; i < 3; i++) await Assert.ThrowsAsync<RpcException>(() => Client.ModelInferAsync(Request(1), new Metadata()).ResponseAsync);

        await Until.TrueAsync(async () => await CountedAsync() >= before + 3, TimeSpan.FromSeconds(30), "sign-in failures to be counted");
    }

    private async Task<(string Phase, string Reason)[]> EntriesAsync(string query) =>
    [
        .. (await api.GetFromJsonAsync<System.Text.Json.JsonElement>($"/v1/audit?{query}")).GetProperty("items").EnumerateArray().Reverse().Select(entry => (
            entry.GetProperty("phase").GetString()!, entry.TryGetProperty("reason", out var reason) ? reason.GetString() ?? "" : "")),
    ];

    [Fact]
    public async Task Key_LimitedToAModel_ReachesNoOtherInAnyCall()
    {
        var other = $"{model}-2";
        await DigitsData.DeployAsync(api, model, "1.0.0", "1.0.0");
        await DigitsData.DeployAsync(api, other, "1.0.0", "1.0.0");
        var created = await api.SendJsonAsync(
            HttpMethod.Post, "/v1/keys", new { name = "limited", roles = (string[])["operator"], models = (string[])[model] });
        var limited = new Metadata { { "authorization", $"Bearer {created.GetProperty("secret").GetString()}" } };
        await Until.TrueAsync(
            async () => (await Client.RepositoryIndexAsync(new(), Key)).Models.Any(row => row.Name == other), TimeSpan.FromSeconds(10), "the models to be listed");

        Assert.Equal(model, (await Client.ModelMetadataAsync(new() { Name = model }, limited)).Name);
        Assert.All((await Client.RepositoryIndexAsync(new(), limited)).Models, row => Assert.Equal(model, row.Name));
        Assert.All((await Client.ModelStatisticsAsync(new(), limited)).ModelStats, row => Assert.Equal(model, row.Name));
        var request = Request(1);
        request.ModelName = other;
        await ForbiddenAsync(Client.ModelInferAsync(request, limited).ResponseAsync);
        await ForbiddenAsync(Client.ModelMetadataAsync(new() { Name = other }, limited).ResponseAsync);
        await ForbiddenAsync(Client.ModelReadyAsync(new() { Name = other }, limited).ResponseAsync);
        await ForbiddenAsync(Client.ModelConfigAsync(new() { Name = other }, limited).ResponseAsync);
        await ForbiddenAsync(Client.ModelStatisticsAsync(new() { Name = other }, limited).ResponseAsync);
        await ForbiddenAsync(Client.RepositoryModelLoadAsync(new() { ModelName = other }, limited).ResponseAsync);
        await ForbiddenAsync(Client.RepositoryModelUnloadAsync(new() { ModelName = other }, limited).ResponseAsync);
    }

    private static async Task ForbiddenAsync(Task call) =>
        Assert.Equal(StatusCode.PermissionDenied, (await Assert.ThrowsAsync<RpcException>(() => call)).StatusCode);

    private async Task RefusedAsync(ModelInferRequest request, StatusCode status, string text)
    {
        var refusal = await Assert.ThrowsAsync<RpcException>(async () => await Client.ModelInferAsync(request, Key));
        Assert.Equal(status, refusal.StatusCode);
        Assert.Contains(text, refusal.Status.Detail, StringComparison.Ordinal);
    }

    private ModelInferRequest Request(int images) => new()
    {
        ModelName = model,
        Inputs = { new ModelInferRequest.Types.InferInputTensor { Name = "image", Datatype = "FP32", Shape = { images, 1, 28, 28 } } },
        RawInputContents = { ByteString.CopyFrom(MemoryMarshal.AsBytes<float>(DigitsData.Inputs(0, images))) },
    };

    private static float[] Floats(ModelInferResponse response) => MemoryMarshal.Cast<byte, float>(response.RawOutputContents.Single().Span).ToArray();

    private static Metadata With(params (string Name, string Value)[] more)
    {
        var metadata = new Metadata { Key[0] };
        foreach (var (name, value) in more) metadata.Add(name, value);
        return metadata;
    }
}
