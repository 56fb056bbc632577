namespace Platform.AppHost.Tests.EndToEnd;

public sealed class TelemetryTests
{
    private static readonly string[] Hosts = ["silo", "api", "worker"];

    [Fact]
    public async Task Request_IsOneTraceOverApiWorkerAndTheRunOfTheModel()
    {
        await using var collector = await OtlpReceiver.StartAsync();
        await using var platform = await RunningPlatform.StartAsync(
            $"--OTEL_EXPORTER_OTLP_ENDPOINT={collector.Endpoint}", "--OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf");
        await DigitsData.DeployAsync(platform.Api, "digits", "2.0.0", "2.0.0");
        var traceId = Guid.NewGuid().ToString("n");

        using var request = new HttpRequestMessage(HttpMethod.Post, "/v2/models/digits/infer") { Content = DigitsData.Request(0, 1) };
        request.Headers.Add("traceparent", $"00-{traceId}-00f067aa0ba902b7-01");
        using var response = await platform.Api.SendAsync(request);
        Assert.True(response.IsSuccessStatusCode);

        ReceivedSpan[] OfTrace() => [.. collector.Spans.Where(span => span.TraceId == traceId)];
        await Until.TrueAsync(
            () => Task.FromResult(OfTrace().Any(span => span.Name.StartsWith("model.run", StringComparison.Ordinal))
                && OfTrace().Any(span => span.Service == "api" && span.ParentId == "00f067aa0ba902b7")),
            TimeSpan.FromSeconds(30), "the trace to arrive");
        AssertDescends(OfTrace());
        await Until.TrueAsync(
            () => Task.FromResult(Hosts.All(collector.MetricServices.ContainsKey) && Hosts.All(collector.LogServices.ContainsKey)),
            TimeSpan.FromSeconds(30), "metrics and logs of all three hosts");
    }

    /// <summary>From the run of the model, parent by parent, to the span that the client itself had open.</summary>
    private static void AssertDescends(ReceivedSpan[] spans)
    {
        var byId = spans.ToDictionary(span => span.SpanId);
        var path = new List<ReceivedSpan> { spans.Single(span => span.Name.StartsWith("model.run", StringComparison.Ordinal)) };
        while (byId.TryGetValue(path[^1].ParentId, out var parent)) path.Add(parent);

        Assert.Equal("worker", path[0].Service);
        Assert.Equal("api", path[^1].Service);
        Assert.Equal("00f067aa0ba902b7", path[^1].ParentId);
    }
}
