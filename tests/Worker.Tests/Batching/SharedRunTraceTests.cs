using System.Collections.Concurrent;
using System.Diagnostics;
using Platform.Core.Serving;
using Platform.ServiceDefaults;
using Platform.Worker.Tests.Support;

namespace Platform.Worker.Tests.Batching;

/// <summary>Requests that share a run can be followed to it, and from it.</summary>
public sealed class SharedRunTraceTests
{
    [Fact]
    public async Task Infer_RequestsThatShareARun_LinkToItAndItLinksToThem()
    {
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is TelemetryNames.Source or "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        await using var host = await WorkerHost.StartAsync(("Worker:Executors", "1"));
        var model = $"m-{Guid.NewGuid():n}";
        // Long enough that all four are there before the first one has waited his time.
        await host.LoadAsync(model, "1.0.0", OnnxBuilder.Identity("BYTES", "n", 1), new DeploymentConfig(
            Batching: new BatchingConfig(4, TimeSpan.FromSeconds(20)), Limits: new ServingLimits(Timeout: TimeSpan.FromMinutes(5))));

        await Task.WhenAll(Enumerable.Range(0, 4).Select(async i =>
        {
            using var response = await host.InferAsync(model, "1.0.0", $$"""{"inputs":[{"name":"x","shape":[1,1],"datatype":"BYTES","data":["{{i}}"]}]}""");
            Assert.True(response.IsSuccessStatusCode);
        }));

        var requests = spans.Where(span => span.OperationName == TelemetryNames.InferSpan && (string?)span.GetTagItem(TelemetryNames.ModelTag) == model).ToArray();
        var traces = requests.Select(span => span.TraceId).ToHashSet();
        var run = Assert.Single(spans, span => span.OperationName == TelemetryNames.RunSpan && traces.Contains(span.TraceId));
        Assert.Equal(4, requests.Length);
        Assert.Equal(4, run.GetTagItem(TelemetryNames.BatchSizeTag));
        Assert.All(requests, request => Assert.Equal(run.SpanId, Assert.Single(request.Links).Context.SpanId));
        Assert.Equal(requests.Select(request => request.SpanId).OrderBy(id => id.ToHexString()), run.Links.Select(link => link.Context.SpanId).Append(run.ParentSpanId).OrderBy(id => id.ToHexString()));
        Assert.Equal(4, spans.Count(span => span.OperationName == TelemetryNames.QueueSpan && traces.Contains(span.TraceId)));
    }
}
