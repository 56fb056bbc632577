using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Orleans;

/// <summary>An Orleans cluster. It is no resource: what refers to it gets its settings.</summary>
public sealed class OrleansService
{
    public OrleansService(IDistributedApplicationBuilder builder, string name)
    {
        Name = name;
        Builder = builder;
        ServiceId = ParameterResourceBuilderExtensions.CreateGeneratedParameter(builder, $"{name}-service-id", secret: false, NewId());
        ClusterId = ParameterResourceBuilderExtensions.CreateGeneratedParameter(builder, $"{name}-cluster-id", secret: false, NewId());
    }

    public string Name { get; }

    public IDistributedApplicationBuilder Builder { get; }

    public IProviderConfiguration? Clustering { get; set; }

    public IProviderConfiguration? Reminders { get; set; }

    public Dictionary<string, IProviderConfiguration> GrainStorage { get; } = [];

    public bool? EnableDistributedTracing { get; set; }

    /// <summary>A text or a parameter.</summary>
    internal object ServiceId { get; set; }

    internal object ClusterId { get; set; }

    private static GenerateParameterDefault NewId() => new() { MinLength = 25, Upper = false, Special = false };
}

public sealed class OrleansServiceClient(OrleansService service)
{
    public OrleansService Service => service;
}

public interface IProviderConfiguration
{
    void ConfigureResource<T>(IResourceBuilder<T> resourceBuilder, string configurationSectionName) where T : IResourceWithEnvironment;
}

/// <summary>A provider named after the class of its resource, without "Resource": RedisResource gives Redis.</summary>
internal sealed class ProviderConfiguration(IResourceBuilder<IResourceWithConnectionString> resource) : IProviderConfiguration
{
    private const string Suffix = "Resource";

    public void ConfigureResource<T>(IResourceBuilder<T> resourceBuilder, string configurationSectionName) where T : IResourceWithEnvironment
    {
        var type = resource.Resource.GetType().Name;
        if (type.EndsWith(Suffix, StringComparison.Ordinal)) type = type[..^Suffix.Length];
        resourceBuilder.WithEnvironment($"Orleans__{configurationSectionName}__ProviderType", type);
        resourceBuilder.WithEnvironment($"Orleans__{configurationSectionName}__ServiceKey", resource.Resource.Name);
        resourceBuilder.WithReference(resource);
    }
}
