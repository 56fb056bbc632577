using System.Net.Sockets;

namespace Aspire.Hosting.ApplicationModel;

public sealed class EndpointAnnotation : IResourceAnnotation
{
    private string? transport;

    public EndpointAnnotation(
        ProtocolType protocol,
        string? uriScheme = null,
        string? transport = null,
        string? name = null,
        int? port = null,
        int? targetPort = null,
        bool? isExternal = null,
        bool isProxied = true)
    {
        Protocol = protocol;
        UriScheme = uriScheme ?? protocol.ToString().ToLowerInvariant();
        Name = name ?? UriScheme;
        this.transport = transport;
        Port = port;
        TargetPort = targetPort;
        IsExternal = isExternal ?? false;
        IsProxied = isProxied;
        ResourceName.Validate(Name);
    }

    public string Name { get; set; }

    public ProtocolType Protocol { get; set; }

    public int? Port { get; set; }

    public int? TargetPort { get; set; }

    public string UriScheme { get; set; }

    public string TargetHost { get; set; } = "localhost";

    public string Transport
    {
        get => transport ?? (IsHttp ? "http" : Protocol.ToString().ToLowerInvariant());
        set => transport = value;
    }

    public bool IsExternal { get; set; }

    public bool IsProxied { get; set; }

    /// <summary>Where the endpoint is reached in this run; null until the ports are known.</summary>
    public AllocatedEndpoint? AllocatedEndpoint { get; set; }

    internal bool IsHttp => UriScheme is "http" or "https";

    internal bool FromLaunchProfile { get; set; }

    internal string? TargetPortEnvironmentVariable { get; set; }
}

public sealed class AllocatedEndpoint(EndpointAnnotation endpoint, string address, int port)
{
    public EndpointAnnotation Endpoint => endpoint;

    public string Address => address;

    public int Port => port;

    public string UriString => $"{endpoint.UriScheme}://{address}:{port}";
}
