namespace Aspire.Hosting.ApplicationModel;

public class RedisResource(string name, ParameterResource password) : ContainerResource(name, "/bin/sh"), IResourceWithConnectionString
{
    internal const string PrimaryEndpointName = "tcp";

    public EndpointReference PrimaryEndpoint => new(this, PrimaryEndpointName);

    public ParameterResource? PasswordParameter => password;

    public ReferenceExpression ConnectionStringExpression
    {
        get
        {
            var tls = ReferenceExpression.CreateConditional(
                PrimaryEndpoint.Property(EndpointProperty.TlsEnabled), bool.TrueString,
                ReferenceExpression.Create($",ssl=true"), ReferenceExpression.Empty);
            return ReferenceExpression.Create($"{PrimaryEndpoint.Property(EndpointProperty.HostAndPort)},password={password}{tls}");
        }
    }

    public ReferenceExpression UriExpression => ReferenceExpression.Create(
        $"{PrimaryEndpoint.Property(EndpointProperty.Scheme)}://:{password:uri}@{Host}:{Port}");

    private EndpointReferenceExpression Host => PrimaryEndpoint.Property(EndpointProperty.Host);

    private EndpointReferenceExpression Port => PrimaryEndpoint.Property(EndpointProperty.Port);

    IEnumerable<KeyValuePair<string, ReferenceExpression>> IResourceWithConnectionString.GetConnectionProperties() =>
    [
        new("Host", ReferenceExpression.Create($"{Host}")),
        new("Port", ReferenceExpression.Create($"{Port}")),
        new("Password", ReferenceExpression.Create($"{password}")),
        new("Uri", UriExpression),
    ];
}

/// <summary>Only the manifest has it: here every acknowledged write is kept anyway.</summary>
internal sealed class PersistenceAnnotation(TimeSpan interval, long keysChangedThreshold) : IResourceAnnotation
{
    public TimeSpan Interval => interval;

    public long KeysChangedThreshold => keysChangedThreshold;
}
