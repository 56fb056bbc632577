using System.Net;
using Platform.SharedState.Workers;

namespace Platform.Api.Workers;

/// <summary>
/// The workers' HTTP interface, which is for control; inferences go as frames. Retries and timeouts are the caller's.
/// </summary>
internal sealed class WorkerClient(string internalKey) : IDisposable
{
    private readonly HttpMessageInvoker connections = new(new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = TimeSpan.FromSeconds(1),
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
    });

    /// <exception cref="HttpRequestException">The worker could not be reached, or the connection broke.</exception>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        request.Headers.Add(WorkerProtocol.KeyHeader, internalKey);
        return connections.SendAsync(request, cancellation);
    }

    public void Dispose() => connections.Dispose();
}
