namespace Aspire.Hosting.ApplicationModel;

public class ConnectionStringReference(IResourceWithConnectionString resource, bool optional)
    : IManifestExpressionProvider, IValueProvider, IValueWithReferences
{
    public IResourceWithConnectionString Resource => resource;

    public bool Optional => optional;

    string IManifestExpressionProvider.ValueExpression => resource.ValueExpression;

    IEnumerable<object> IValueWithReferences.References => [resource];

    async ValueTask<string?> IValueProvider.GetValueAsync(CancellationToken cancellationToken)
    {
        var value = await resource.GetConnectionStringAsync(cancellationToken);
        return !string.IsNullOrEmpty(value) || optional
            ? value
            : throw new DistributedApplicationException($"The connection string for the resource '{resource.Name}' is not available.");
    }
}
