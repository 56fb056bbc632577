namespace Aspire.Hosting.ApplicationModel;

public class ParameterResource : Resource, IManifestExpressionProvider, IValueProvider, IResourceWithoutLifetime
{
    private readonly Lazy<string> value;

    public ParameterResource(string name, Func<ParameterDefault?, string> callback, bool secret = false) : base(name)
    {
        value = new Lazy<string>(() => callback(Default));
        Secret = secret;
    }

    public ParameterDefault? Default { get; set; }

    public bool Secret { get; }

    public bool IsConnectionString { get; set; }

    public string ValueExpression => $"{{{Name}.value}}";

    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => ValueTask.FromResult<string?>(value.Value);
}

internal sealed class ConnectionStringParameterResource : ParameterResource, IResourceWithConnectionString
{
    public ConnectionStringParameterResource(string name, Func<ParameterDefault?, string> callback, string? environmentVariableName)
        : base(name, callback, secret: true)
    {
        ConnectionStringEnvironmentVariable = environmentVariableName;
        IsConnectionString = true;
    }

    public string? ConnectionStringEnvironmentVariable { get; }

    /// <summary>The parameter's own value; others refer to it as a connection string.</summary>
    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create($"{new OwnValue(this)}");

    string IManifestExpressionProvider.ValueExpression => $"{{{Name}.connectionString}}";

    ValueTask<string?> IValueProvider.GetValueAsync(CancellationToken cancellationToken) => GetValueAsync(cancellationToken);

    private sealed class OwnValue(ParameterResource parameter) : IValueProvider, IManifestExpressionProvider
    {
        public string ValueExpression => parameter.ValueExpression;

        public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken) => parameter.GetValueAsync(cancellationToken);
    }
}
