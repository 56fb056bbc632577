using System.Globalization;
using System.Security.Cryptography;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Running;

/// <summary>One of the processes of a resource. Its name and ports stay the same when it is started again.</summary>
internal sealed class Replica
{
    private readonly string suffix = RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz", 8);

    public Replica(IResource resource, int index, int count, ReplicaPorts ports)
    {
        Resource = resource;
        Ports = ports;
        Id = $"{resource.Name}-{suffix}";
        DisplayName = count == 1 ? resource.Name : string.Create(CultureInfo.InvariantCulture, $"{resource.Name}-{index + 1}");
    }

    public IResource Resource { get; }

    public ReplicaPorts Ports { get; }

    /// <summary>As Aspire names it, with a suffix of its own.</summary>
    public string Id { get; }

    /// <summary>As it stands before its lines on the console: worker-1.</summary>
    public string DisplayName { get; }

    /// <summary>The proxy sends nothing to a replica that does not run.</summary>
    public bool IsRunning { get; set; }

    public bool IsHealthy { get; set; }

    /// <summary>Puts this replica's own name and ports where the settings of its resource have a template.</summary>
    public string Fill(string text)
    {
        if (!text.Contains("{{-", StringComparison.Ordinal)) return text;
        text = text.Replace(ReplicaTemplate.ServiceName, Resource.Name, StringComparison.Ordinal)
            .Replace(ReplicaTemplate.InstanceId, suffix, StringComparison.Ordinal);
        foreach (var endpoint in Resource.EndpointAnnotations())
            text = text.Replace(
                ReplicaTemplate.TargetPort(Resource, endpoint),
                Ports[endpoint.Name].ToString(CultureInfo.InvariantCulture),
                StringComparison.Ordinal);
        return text;
    }
}
