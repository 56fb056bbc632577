using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Platform.Api.Inference.Protocol;
using Platform.Tests;

namespace Platform.Api.Tests.Inference;

public sealed class GrpcServiceTests(RedisServer redis) : IClassFixture<RedisServer>
{
    private const string Head = """{"model_name":"m","model_version":"1.0.0","id":"mine","outputs":[{"name":"y","datatype":"UINT8","shape":[3],"parameters":{"binary_data_size":3}},{"name":"none","datatype":"UINT8","shape":[0],"parameters":{"binary_data_size":0}}]}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ModelInfer_AnswersWithTheWorkersTensorsAsTheyAre()
    {
        await using var front = await GrpcFront.StartAsync(redis, AnswerAsync);

        using var call = front.InferAsync(Request(front.Model, [9, 8]));
        var headers = await call.ResponseHeadersAsync;
        var response = await call;

        Assert.Equal([[1, 2, 3], []], response.RawOutputContents.Select(bytes => bytes.ToByteArray()));
        Assert.Equal(["y", "none"], response.Outputs.Select(output => output.Name));
        Assert.Equal(("m", "1.0.0", "mine"), (response.ModelName, response.ModelVersion, response.Id));
        Assert.Equal(("r-1", "1.0.0", "stable", front.Worker.Id), (headers.GetValue("x-request-id"), headers.GetValue("x-model-version"), headers.GetValue("x-route"), headers.GetValue("x-worker-id")));
        var sent = front.Worker.Requests.Single().Body;
        Assert.StartsWith("""{"id":"q","parameters":{"binary_data_output":true},"inputs":[{"name":"x","datatype":"UINT8","shape":[2],"parameters":{"binary_data_size":2}}]}""", sent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(400, StatusCode.InvalidArgument)]
    [InlineData(404, StatusCode.NotFound)]
    [InlineData(413, StatusCode.ResourceExhausted)]
    [InlineData(415, StatusCode.Unimplemented)]
    [InlineData(429, StatusCode.ResourceExhausted)]
    [InlineData(500, StatusCode.Internal)]
    [InlineData(503, StatusCode.Unavailable)]
    [InlineData(504, StatusCode.DeadlineExceeded)]
    public async Task ModelInfer_Refused_HasTheStatusAndTheWords(int status, StatusCode expected)
    {
        await using var front = await GrpcFront.StartAsync(redis, context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.RetryAfter = "7";
            return context.Response.WriteAsync("""{"error":"because of 'x'"}""");
        });

        var refusal = await Assert.ThrowsAsync<RpcException>(async () => await front.InferAsync(Request(front.Model, [1])));

        Assert.Equal(expected, refusal.StatusCode);
        // A worker's 503 says nothing of the request, and the front door's own words are told.
        if (status != 503) Assert.Contains("because of 'x'", refusal.Status.Detail, StringComparison.Ordinal);
        var retry = refusal.GetRpcStatus()?.GetDetail<Google.Rpc.RetryInfo>();
        Assert.Equal(status is 429 or 503, retry is not null);
        if (status == 429) Assert.Equal(7, retry!.RetryDelay.Seconds);
    }

    [Fact]
    public async Task ModelInfer_WithoutAKnownKey_IsUnauthenticated()
    {
        await using var front = await GrpcFront.StartAsync(redis, AnswerAsync);

        foreach (var key in (string?[])[null, "another key"])
        {
            var refusal = await Assert.ThrowsAsync<RpcException>(async () => await front.InferAsync(Request(front.Model, [1]), key));
            Assert.Equal((StatusCode.Unauthenticated, 0), (refusal.StatusCode, front.Worker.Calls));
        }
    }

    [Fact]
    public async Task ModelInfer_MessageOverTheLimit_IsResourceExhausted()
    {
        await using var front = await GrpcFront.StartAsync(redis, AnswerAsync, ("Inference:MaxGrpcMessageBytes", "1000"));

        Assert.Equal(10, (await front.InferAsync(Request(front.Model, new byte[10]))).RawOutputContents[0].Length + 7);
        var refusal = await Assert.ThrowsAsync<RpcException>(async () => await front.InferAsync(Request(front.Model, new byte[1_000])));
        Assert.Equal(StatusCode.ResourceExhausted, refusal.StatusCode);
    }

    [Fact]
    public async Task ModelInfer_LargeMessage_IsTakenWhole()
    {
        await using var front = await GrpcFront.StartAsync(redis, AnswerAsync);

        // Larger than what a server takes of a body by default.
        await front.InferAsync(Request(front.Model, [.. Enumerable.Repeat((byte)'x', 40 << 20)]));

        Assert.Equal(40 << 20, front.Worker.Requests.Single().Body.Count(character => character == 'x') - 1);
    }

    [Fact]
    public async Task ModelInfer_DeadlineOfTheCall_BecomesTheRequestsTimeout()
    {
        await using var front = await GrpcFront.StartAsync(redis, AnswerAsync);
        var request = Request(front.Model, [1]);
        request.Parameters["timeout"] = new InferParameter { Int64Param = 5_000 };

        await front.InferAsync(Request(front.Model, [1]), deadline: DateTime.MaxValue.ToUniversalTime());
        await front.InferAsync(Request(front.Model, [1]), deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(1));
        await front.InferAsync(request, deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(1));

        var timeouts = front.Worker.Requests.Select(sent => JsonDocument.Parse(sent.Body[..(sent.Body.LastIndexOf('}') + 1)]).RootElement.GetProperty("parameters"))
            .Select(parameters => parameters.TryGetProperty("timeout", out var timeout) ? timeout.GetInt64() : 0).ToArray();
        Assert.Equal(0, timeouts[0]);
        Assert.InRange(timeouts[1], 1, 60_000_000);
        Assert.Equal(5_000, timeouts[2]);
    }

    [Fact]
    public async Task ModelStreamInfer_AnErrorInBetween_LeavesTheStreamAlive()
    {
        await using var front = await GrpcFront.StartAsync(redis, AnswerAsync, ("Inference:MaxStreamedRequests", "2"));
        using var stream = front.Stream();
        string[] ids = ["a", "b", "c", "d", "e"];
        foreach (var id in ids)
        {
            var request = Request(id == "c" ? "nobody" : front.Model, [1]);
            request.Id = id;
            if (id == "d") request.Inputs[0].Contents = new InferTensorContents { IntContents = { 1 } };
            await stream.RequestStream.WriteAsync(request, Cancellation);
        }

        await stream.RequestStream.CompleteAsync();
        var answers = new List<ModelStreamInferResponse>();
        while (await stream.ResponseStream.MoveNext(Cancellation)) answers.Add(stream.ResponseStream.Current);

        Assert.Equal(["", "", "Request for unknown model: 'nobody' is not found", "contents field must", ""], answers.Select(answer => answer.ErrorMessage.StartsWith("contents field must", StringComparison.Ordinal) ? "contents field must" : answer.ErrorMessage));
        Assert.Equal(["mine", "mine", "c", "d", "mine"], answers.Select(answer => answer.InferResponse.Id));
        Assert.True(answers[0].InferResponse.Parameters["triton_final_response"].BoolParam);
    }

    private static async Task AnswerAsync(HttpContext context)
    {
        context.Response.Headers["Inference-Header-Content-Length"] = $"{Head.Length}";
        await context.Response.Body.WriteAsync((byte[])[.. Encoding.UTF8.GetBytes(Head), 1, 2, 3], Cancellation);
    }

    private static ModelInferRequest Request(string model, byte[] tensor) => new()
    {
        ModelName = model,
        Id = "q",
        Inputs = { new ModelInferRequest.Types.InferInputTensor { Name = "x", Datatype = "UINT8", Shape = { tensor.Length } } },
        RawInputContents = { ByteString.CopyFrom(tensor) },
    };
}
