using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Publishing;

/// <summary>The ports of the manifest. What has none of its own is numbered from 8000, over all resources.</summary>
internal sealed class ManifestPorts
{
    private readonly HashSet<int> used = [];
    private int next = 8000;

    public IReadOnlyList<(EndpointAnnotation Endpoint, int? Port, int? TargetPort)> Resolve(IResource resource)
    {
        var schemes = new HashSet<string>();
        var resolved = new List<(EndpointAnnotation, int?, int?)>();
        foreach (var endpoint in resource.EndpointAnnotations())
        {
            // The first http and https of a project are left to the tool that deploys it.
            var isDefault = resource is ProjectResource && endpoint.IsHttp && schemes.Add(endpoint.UriScheme);
            var targetPort = endpoint.TargetPort
                ?? (resource is ContainerResource ? endpoint.Port : null)
                ?? (isDefault ? null : Allocate());
            // Only a port that was asked for is written; the others follow from the target port.
            var port = endpoint.Port;
            if (targetPort is { } target) used.Add(target);
            if (port is { } exposed) used.Add(exposed);
            resolved.Add((endpoint, port, targetPort));
        }

        return resolved;
    }

    private int Allocate()
    {
        while (used.Contains(next)) next++;
        return next;
    }
}
