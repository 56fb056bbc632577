using System.Globalization;

namespace Aspire.Hosting.ApplicationModel;

public enum EndpointProperty
{
    Url,
    Host,
    IPV4Host,
    Port,
    Scheme,
    TargetPort,
    HostAndPort,
    TlsEnabled,
}

public class EndpointReferenceExpression(EndpointReference endpointReference, EndpointProperty property)
    : IManifestExpressionProvider, IValueProvider, IValueWithReferences
{
    public EndpointReference Endpoint => endpointReference;

    public EndpointProperty Property => property;

    public string ValueExpression => property switch
    {
        EndpointProperty.Host or EndpointProperty.IPV4Host => Binding("host"),
        EndpointProperty.HostAndPort => $"{Binding("host")}:{Binding("port")}",
        EndpointProperty.TargetPort => Binding("targetPort"),
        EndpointProperty.TlsEnabled => Binding("tlsEnabled"),
        _ => Binding(property.ToString().ToLowerInvariant()),
    };

    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => ValueTask.FromResult<string?>(property switch
    {
        EndpointProperty.Url => endpointReference.Url,
        EndpointProperty.Host => endpointReference.Host,
        EndpointProperty.IPV4Host => "127.0.0.1",
        EndpointProperty.Port => Digits(endpointReference.Port),
        EndpointProperty.Scheme => endpointReference.Scheme,
        EndpointProperty.HostAndPort => $"{endpointReference.Host}:{Digits(endpointReference.Port)}",
        EndpointProperty.TlsEnabled => endpointReference.IsHttps ? bool.TrueString : bool.FalseString,
        // Each replica listens on a port of its own, so this one is filled in when a replica starts.
        EndpointProperty.TargetPort => endpointReference.TargetPort is { } port
            ? Digits(port)
            : ReplicaTemplate.TargetPort(endpointReference.Resource, endpointReference.EndpointAnnotation),
        _ => throw new InvalidOperationException($"The property '{property}' is not supported for the endpoint '{endpointReference.EndpointName}'."),
    });

    IEnumerable<object> IValueWithReferences.References => [endpointReference];

    private string Binding(string name) => $"{{{endpointReference.Resource.Name}.bindings.{endpointReference.EndpointName}.{name}}}";

    private static string Digits(int port) => port.ToString(CultureInfo.InvariantCulture);
}
