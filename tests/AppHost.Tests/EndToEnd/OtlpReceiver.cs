using System.Collections.Concurrent;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Platform.AppHost.Tests.EndToEnd;

/// <summary>A span as it came: enough to see whose it is and which trace it belongs to.</summary>
internal sealed record ReceivedSpan(string Service, string TraceId, string SpanId, string ParentId, string Name);

/// <summary>
/// An OTLP collector of the tests: takes traces, metrics and logs as http/protobuf. It reads the few fields that the
/// tests look at by their numbers in opentelemetry-proto 1.x.
/// </summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication app;

    private OtlpReceiver(WebApplication app) => this.app = app;

    public ConcurrentQueue<ReceivedSpan> Spans { get; } = [];

    /// <summary>Names of the services that sent metrics, and logs.</summary>
    public ConcurrentDictionary<string, bool> MetricServices { get; } = [];

    public ConcurrentDictionary<string, bool> LogServices { get; } = [];

    public string Endpoint => app.Urls.Single();

    /// <summary>Everything that came, as it came.</summary>
    public ConcurrentQueue<byte[]> Received { get; } = [];

    public static async Task<OtlpReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var receiver = new OtlpReceiver(app);
        app.MapPost("/v1/{signal}", async (string signal, HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            receiver.Take(signal, body.ToArray());
            return Results.Bytes([], "application/x-protobuf");
        });
        await app.StartAsync();
        return receiver;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private void Take(string signal, byte[] request)
    {
        Received.Enqueue(request);
        // Each request is a list (1) of {resource (1), scopes (2)}, whatever the signal.
        foreach (var ofResource in Messages(request, 1))
        {
            var service = Messages(ofResource, 1).Select(ServiceName).FirstOrDefault(name => name.Length > 0) ?? "";
            if (signal == "metrics") MetricServices[service] = true;
            if (signal == "logs") LogServices[service] = true;
            if (signal != "traces") continue;
            foreach (var span in Messages(ofResource, 2).SelectMany(scope => Messages(scope, 2))) Spans.Enqueue(ToSpan(service, span));
        }
    }

    private static string ServiceName(byte[] resource) => Messages(resource, 1)
        .Where(attribute => Text(attribute, 1) == "service.name")
        .Select(attribute => Messages(attribute, 2).Select(value => Text(value, 1)).FirstOrDefault() ?? "")
        .FirstOrDefault() ?? "";

    private static ReceivedSpan ToSpan(string service, byte[] span) => new(
        service, Hex(span, 1), Hex(span, 2), Hex(span, 4), Text(span, 5));

    private static string Hex(byte[] message, int field) => Convert.ToHexStringLower(Messages(message, field).FirstOrDefault() ?? []);

    private static string Text(byte[] message, int field) => System.Text.Encoding.UTF8.GetString(Messages(message, field).FirstOrDefault() ?? []);

    /// <summary>The values of a length-delimited field, in order.</summary>
    private static IEnumerable<byte[]> Messages(byte[] message, int field)
    {
        using var input = new CodedInputStream(message);
        for (var tag = input.ReadTag(); tag != 0; tag = input.ReadTag())
        {
            if (WireFormat.GetTagFieldNumber(tag) == field && WireFormat.GetTagWireType(tag) == WireFormat.WireType.LengthDelimited)
                yield return input.ReadBytes().ToByteArray();
            else
                input.SkipLastField();
        }
    }
}
