using Platform.SharedState.Workers;

namespace Platform.Api.Inference;

/// <summary>What an inference came to: a worker's answer with who gave it, or an error of the front door's own.</summary>
internal sealed class InferenceAnswer : IDisposable
{
    private static readonly string[] PassedOn =
    [
        "Inference-Header-Content-Length", "Retry-After",
        WorkerProtocol.QueueMicrosecondsHeader, WorkerProtocol.ComputeMicrosecondsHeader, WorkerProtocol.BatchSizeHeader,
    ];

    private HttpResponseMessage? Response { get; init; }

    private byte[] Body { get; init; } = [];

    private string Version { get; init; } = "";

    private string Route { get; init; } = "";

    private string Worker { get; init; } = "";

    public int Status { get; private init; }

    public string? Error { get; private init; }

    public static InferenceAnswer Refused(int status, string error) => new() { Status = status, Error = error };

    public static InferenceAnswer From(HttpResponseMessage response, byte[] body, string version, string route, string worker) => new()
    {
        Response = response, Status = (int)response.StatusCode, Body = body, Version = version, Route = route, Worker = worker,
    };

    public async Task CopyToAsync(HttpResponse destination, CancellationToken cancellation)
    {
        destination.StatusCode = Status;
        destination.ContentType = Response!.Content.Headers.ContentType?.ToString();
        destination.ContentLength = Body.Length;
        foreach (var name in PassedOn)
        {
            if (Response.Headers.TryGetValues(name, out var values)) destination.Headers[name] = values.First();
        }

        destination.Headers["X-Model-Version"] = Version;
        destination.Headers["X-Route"] = Route;
        destination.Headers["X-Worker-Id"] = Worker;
        await destination.Body.WriteAsync(Body, cancellation);
    }

    public void Dispose() => Response?.Dispose();
}
