using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Running;

/// <summary>A public port of the AppHost and the replicas behind it.</summary>
internal sealed record ProxiedEndpoint(IResource Resource, EndpointAnnotation Endpoint, int Port);

/// <summary>Gives every endpoint its public port and every replica its own ports, before anything is started.</summary>
internal sealed class PortPlan(IConfiguration configuration, FreePorts free, ReplicaSet replicas)
{
    private readonly List<ProxiedEndpoint> proxied = [];
    private readonly List<(ProxiedEndpoint Endpoint, bool IsBoundHere)> wanted = [];

    public IReadOnlyList<ProxiedEndpoint> Proxied => proxied;

    public void Make(IEnumerable<IResource> resources)
    {
        foreach (var resource in resources.Where(ReplicaSet.Runs))
        {
            var count = resource.GetReplicaCount();
            var chosen = resource.EndpointAnnotations().ToDictionary(endpoint => endpoint, endpoint => Public(resource, endpoint, count));
            for (var i = 0; i < count; i++)
                replicas.Add(new Replica(resource, i, count, new(chosen.ToDictionary(c => c.Key.Name, c => Target(resource, c.Key, c.Value, i)))));
            foreach (var (endpoint, port) in chosen) endpoint.AllocatedEndpoint = new(endpoint, "localhost", port);
        }
    }

    /// <param name="boundHere">The ports of the proxies, or those that children are told to listen on.</param>
    public void ThrowIfTaken(bool boundHere)
    {
        var taken = wanted.Where(want => want.IsBoundHere == boundHere && !FreePorts.IsFree(want.Endpoint.Port)).Select(want => want.Endpoint).ToList();
        if (taken.Count > 0) throw new DistributedApplicationException(string.Join(Environment.NewLine, taken.Select(Explain)));
    }

    private int Public(IResource resource, EndpointAnnotation endpoint, int count)
    {
        if (count > 1 && (endpoint.TargetPort is not null || !endpoint.IsProxied))
            throw new InvalidOperationException(
                $"Resource '{resource.Name}' has {count} replicas, but its endpoint '{endpoint.Name}' {(endpoint.IsProxied ? "has a fixed target port" : "is not proxied")}: they cannot all listen on one port.");
        var isProxied = IsProxied(endpoint);
        var isRandom = configuration.GetValue("DcpPublisher:RandomizePorts", false);
        var asked = configuration.GetValue<int?>($"Ports:{resource.Name}:{endpoint.Name}")
            ?? (isRandom ? null : endpoint.Port)
            ?? (isProxied || resource is ContainerResource ? null : endpoint.TargetPort);
        var port = asked ?? free.Take();
        var entry = new ProxiedEndpoint(resource, endpoint, port);
        if (isProxied) proxied.Add(entry);
        if (asked is not null) wanted.Add((entry, isProxied));
        return port;
    }

    /// <summary>Proxied endpoints have ports behind them; of the others the first replica listens on the public port itself.</summary>
    private int Target(IResource resource, EndpointAnnotation endpoint, int publicPort, int index) =>
        IsProxied(endpoint) ? endpoint.TargetPort ?? free.Take()
        : index == 0 ? publicPort
        : free.Take();

    private static bool IsProxied(EndpointAnnotation endpoint) => endpoint.IsHttp && endpoint.IsProxied;

    private static string Explain(ProxiedEndpoint taken)
    {
        var (resource, endpoint, port) = taken;
        var number = port.ToString(CultureInfo.InvariantCulture);
        var source = endpoint.FromLaunchProfile
            ? $"change \"applicationUrl\" in {ProjectFolder(resource)}/Properties/launchSettings.json"
            : $"change the port of the endpoint \"{endpoint.Name}\" in AppHost.cs";
        return $"Port {number} ({resource.Name}/{endpoint.Name}) is taken by another process. Stop it, {source}, "
            + $"or start with another port: --Ports:{resource.Name}:{endpoint.Name} {port + 1000} (environment: Ports__{resource.Name}__{endpoint.Name}).";
    }

    private static string? ProjectFolder(IResource resource) =>
        Path.GetFileName(Path.GetDirectoryName(resource.Annotations.OfType<IProjectMetadata>().Last().ProjectPath));
}
