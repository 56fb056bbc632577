using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;
using Platform.ServiceDefaults.Access;
using Platform.SharedState.Frames;
using Platform.Worker.Serving;

namespace Platform.Worker.Inference.Frames;

/// <summary>
/// Listens for the inferences that Apis pass on, where the HTTP server listens and on a port of its own. It stops with
/// the last request under way.
/// </summary>
internal sealed partial class FrameServer(
    InferenceHandler handler,
    WorkerState state,
    IServer server,
    IOptions<InternalAccessOptions> access,
    IOptions<FrameOptions> options,
    TimeProvider clock,
    ILogger<FrameServer> logger) : IHostedLifecycleService, IFrameService, IAsyncDisposable
{
    private FrameListener? listener;

    public IFrameCall Begin(FrameRequest request, int bodyBytes) => new FrameExchange(handler, request, bodyBytes, LogFailed);

    /// <summary>The HTTP server has its addresses by now.</summary>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        var limits = new FrameListenerOptions
        {
            MaxConnections = options.Value.MaxConnections,
            HandshakeLimit = options.Value.HandshakeLimit,
            StallLimit = options.Value.StallLimit,
            IdleLimit = options.Value.IdleLimit,
        };
        var bound = server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        var address = new IPEndPoint(FrameAddress.BesideHttp(bound), options.Value.Port);
        try
        {
            listener = new FrameListener(address, access.Value.InternalKey, this, limits, clock);
        }
        catch (SocketException e)
        {
            throw new InvalidOperationException($"The worker cannot listen for inferences at {address}: {e.Message} Set Worker:Frames:Port.", e);
        }

        state.FramePort = ((IPEndPoint)listener.Address).Port;
        LogListening(listener.Address.ToString()!);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => listener?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    public ValueTask DisposeAsync() => listener?.DisposeAsync() ?? ValueTask.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(LogLevel.Information, "Inferences are taken at {Address}.")]
    private partial void LogListening(string address);

    [LoggerMessage(LogLevel.Error, "An inference failed.")]
    private partial void LogFailed(Exception exception);
}
