using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Parameters;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting;

public static class ParameterResourceBuilderExtensions
{
    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, string name, bool secret = false) =>
        builder.AddResource(new ParameterResource(name, _ => ParameterValue.Read(builder.Configuration, name, null), secret));

    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, string value, bool publishValueAsDefault = false, bool secret = false) =>
        publishValueAsDefault && secret
            ? throw new ArgumentException("A parameter cannot be both secret and published as a default value.", nameof(secret))
            : builder.AddResource(new ParameterResource(name, _ => value, secret)
            {
                Default = publishValueAsDefault ? new ConstantParameterDefault(value) : null,
            });

    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, ParameterDefault value, bool secret = false, bool persist = false) =>
        builder.AddResource(Generated(builder, name, secret, value, persist));

    public static IResourceBuilder<IResourceWithConnectionString> AddConnectionString(
        this IDistributedApplicationBuilder builder, string name, string? environmentVariableName = null) =>
        builder.AddResource(new ConnectionStringParameterResource(
            name,
            _ => builder.Configuration.GetConnectionString(name) ?? throw ParameterValue.Missing(name, $"ConnectionStrings:{name}"),
            environmentVariableName));

    /// <summary>A parameter that is not in the model: only what refers to it brings it into the manifest.</summary>
    public static ParameterResource CreateGeneratedParameter(
        IDistributedApplicationBuilder builder, string name, bool secret, GenerateParameterDefault parameterDefault) =>
        Generated(builder, name, secret, parameterDefault, persist: true);

    private static ParameterResource Generated(
        IDistributedApplicationBuilder builder, string name, bool secret, ParameterDefault fallback, bool persist)
    {
        var isKept = persist && builder.ExecutionContext.IsRunMode && builder is DistributedApplicationBuilder;
        var value = isKept ? new KeptParameterDefault(name, fallback, ((DistributedApplicationBuilder)builder).Secrets) : fallback;
        return new ParameterResource(name, _ => ParameterValue.Read(builder.Configuration, name, value), secret) { Default = value };
    }
}
