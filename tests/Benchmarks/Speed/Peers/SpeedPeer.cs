using System.Net;
using Platform.Benchmarks.Speed.Load;

namespace Platform.Benchmarks.Speed.Peers;

/// <summary>Somebody who answers inferences over HTTP.</summary>
/// <param name="Cpu">The processes in which it does so.</param>
/// <param name="Request">Bytes of a request, by model, by whether it is binary, and with more parameters.</param>
internal sealed record SpeedPeer(string Name, Uri Address, ServerCpu Cpu, Func<SpeedModel, bool, string, byte[]> Request)
{
    public IPEndPoint EndPoint { get; } = new(IPAddress.Loopback, Address.Port);

    public static SpeedPeer Of(string name, PeerProcess process) => new(name, process.Address, new ServerCpu(process.Id), (model, binary, _) =>
    {
        var (body, header) = RawRequest.Body(binary);
        // A plain server takes the tensor's bytes and nothing else.
        if (header is { } length && name != Noop) body = body[length..];
        return RawRequest.Post(process.Address, $"/{model.Name}/{(binary ? "binary" : "json")}", body, header);
    });

    public const string Noop = "no-op Kestrel";

    public Task<LoadFigures> LoadAsync(SpeedModel model, bool binary, int connections, TimeSpan duration) =>
        ClosedLoad.RunAsync(EndPoint, Request(model, binary, ""), connections, duration, Cpu);
}
