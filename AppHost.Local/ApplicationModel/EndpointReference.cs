namespace Aspire.Hosting.ApplicationModel;

public sealed class EndpointReference : IManifestExpressionProvider, IValueProvider, IValueWithReferences
{
    private EndpointAnnotation? annotation;

    public EndpointReference(IResourceWithEndpoints owner, EndpointAnnotation endpoint)
    {
        Resource = owner;
        EndpointName = endpoint.Name;
        annotation = endpoint;
    }

    public EndpointReference(IResourceWithEndpoints owner, string endpointName)
    {
        Resource = owner;
        EndpointName = endpointName;
    }

    public IResourceWithEndpoints Resource { get; }

    public string EndpointName { get; }

    public EndpointAnnotation EndpointAnnotation => Find()
        ?? throw new InvalidOperationException($"The endpoint `{EndpointName}` is not defined for the resource `{Resource.Name}`.");

    public bool Exists => Find() is not null;

    public bool IsAllocated => Find()?.AllocatedEndpoint is not null;

    public bool IsHttp => Scheme is "http";

    public bool IsHttps => Scheme is "https";

    public string Scheme => EndpointAnnotation.UriScheme;

    public string Host => Allocated.Address;

    public int Port => Allocated.Port;

    public int? TargetPort => EndpointAnnotation.TargetPort;

    public string Url => Allocated.UriString;

    public EndpointReferenceExpression Property(EndpointProperty property) => new(this, property);

    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) =>
        Property(EndpointProperty.Url).GetValueAsync(cancellationToken);

    string IManifestExpressionProvider.ValueExpression => Property(EndpointProperty.Url).ValueExpression;

    IEnumerable<object> IValueWithReferences.References => [Resource];

    internal AllocatedEndpoint Allocated => EndpointAnnotation.AllocatedEndpoint
        ?? throw new InvalidOperationException($"The endpoint `{EndpointName}` is not allocated for the resource `{Resource.Name}`.");

    private EndpointAnnotation? Find() => annotation ??=
        Resource.Annotations.OfType<EndpointAnnotation>().SingleOrDefault(a => ResourceName.Comparer.Equals(a.Name, EndpointName));
}
