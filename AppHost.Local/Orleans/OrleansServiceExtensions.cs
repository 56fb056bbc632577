using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Orleans;

namespace Aspire.Hosting;

public static class OrleansServiceExtensions
{
    public static OrleansService AddOrleans(this IDistributedApplicationBuilder builder, string name) => new(builder, name);

    public static OrleansService WithClusterId(this OrleansService orleansServiceBuilder, string clusterId)
    {
        orleansServiceBuilder.ClusterId = clusterId;
        return orleansServiceBuilder;
    }

    public static OrleansService WithServiceId(this OrleansService orleansServiceBuilder, string serviceId)
    {
        orleansServiceBuilder.ServiceId = serviceId;
        return orleansServiceBuilder;
    }

    public static OrleansService WithClustering(
        this OrleansService orleansServiceBuilder, IResourceBuilder<IResourceWithConnectionString> provider)
    {
        orleansServiceBuilder.Clustering = new ProviderConfiguration(provider);
        return orleansServiceBuilder;
    }

    public static OrleansService WithGrainStorage(
        this OrleansService orleansServiceBuilder, string name, IResourceBuilder<IResourceWithConnectionString> provider)
    {
        orleansServiceBuilder.GrainStorage[name] = new ProviderConfiguration(provider);
        return orleansServiceBuilder;
    }

    public static OrleansService WithReminders(
        this OrleansService orleansServiceBuilder, IResourceBuilder<IResourceWithConnectionString> provider)
    {
        orleansServiceBuilder.Reminders = new ProviderConfiguration(provider);
        return orleansServiceBuilder;
    }

    public static OrleansServiceClient AsClient(this OrleansService orleansService) => new(orleansService);

    /// <summary>The resource is a silo of the cluster.</summary>
    public static IResourceBuilder<T> WithReference<T>(this IResourceBuilder<T> builder, OrleansService orleansService)
        where T : IResourceWithEnvironment, IResourceWithEndpoints
    {
        AddClient(builder, orleansService);
        orleansService.Reminders?.ConfigureResource(builder, "Reminders");
        foreach (var (name, provider) in orleansService.GrainStorage) provider.ConfigureResource(builder, $"GrainStorage__{name}");
        builder.WithEndpoint(scheme: "tcp", name: "orleans-silo", env: "Orleans__Endpoints__SiloPort", isExternal: false);
        return builder.WithEndpoint(scheme: "tcp", name: "orleans-gateway", env: "Orleans__Endpoints__GatewayPort", isExternal: false);
    }

    internal static IResourceBuilder<T> AddClient<T>(IResourceBuilder<T> builder, OrleansService orleans)
        where T : IResourceWithEnvironment, IResourceWithEndpoints
    {
        var clustering = orleans.Clustering ?? throw new InvalidOperationException("Clustering has not been configured for this service.");
        clustering.ConfigureResource(builder, "Clustering");
        return builder.WithEnvironment(context =>
        {
            context.EnvironmentVariables["Orleans__ClusterId"] = orleans.ClusterId;
            context.EnvironmentVariables["Orleans__ServiceId"] = orleans.ServiceId;
            if (orleans.EnableDistributedTracing != false) context.EnvironmentVariables["Orleans__EnableDistributedTracing"] = "true";
        });
    }
}

public static class OrleansServiceClientExtensions
{
    /// <summary>The resource talks to the cluster without being part of it.</summary>
    public static IResourceBuilder<T> WithReference<T>(this IResourceBuilder<T> builder, OrleansServiceClient orleansServiceClient)
        where T : IResourceWithEnvironment, IResourceWithEndpoints =>
        OrleansServiceExtensions.AddClient(builder, orleansServiceClient.Service);
}
