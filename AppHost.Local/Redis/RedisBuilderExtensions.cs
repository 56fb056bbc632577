using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Redis;

namespace Aspire.Hosting;

public static class RedisBuilderExtensions
{
    private static readonly TimeSpan DefaultInterval = TimeSpan.FromSeconds(60);

    /// <summary>Redis: in the manifest its container; on this machine Garnet, or redis-server where Redis:Engine says so.</summary>
    public static IResourceBuilder<RedisResource> AddRedis(
        this IDistributedApplicationBuilder builder, string name, int? port = null, IResourceBuilder<ParameterResource>? password = null)
    {
        // StackExchange.Redis takes no password with a comma, so it has no special characters.
        var secret = password?.Resource ?? ParameterResourceBuilderExtensions.CreateGeneratedParameter(
            builder, $"{name}-password", secret: true, new GenerateParameterDefault { Special = false });
        var redis = new RedisResource(name, secret);
        return builder.AddResource(redis)
            .WithEndpoint(port, targetPort: 6379, scheme: "redis", name: RedisResource.PrimaryEndpointName)
            .WithAnnotation(new ContainerImageAnnotation { Registry = "docker.io", Image = "library/redis", Tag = "8.6" })
            .WithAnnotation(new HealthCheckAnnotation($"{name}_check", new RedisProbe(redis)))
            .WithEnvironment(context => context.EnvironmentVariables["REDIS_PASSWORD"] = secret)
            .WithArgs(context =>
            {
                context.Args.Add("-c");
                context.Args.Add("redis-server --requirepass $REDIS_PASSWORD" + SaveArguments(redis));
            });
    }

    public static IResourceBuilder<RedisResource> WithDataVolume(
        this IResourceBuilder<RedisResource> builder, string? name = null, bool isReadOnly = false)
    {
        builder.WithVolume(name ?? $"{builder.Resource.Name}-data", "/data", isReadOnly);
        return isReadOnly ? builder : builder.WithPersistence();
    }

    public static IResourceBuilder<RedisResource> WithPersistence(
        this IResourceBuilder<RedisResource> builder, TimeSpan? interval = null, long keysChangedThreshold = 1) =>
        builder.WithAnnotation(
            new PersistenceAnnotation(interval ?? DefaultInterval, keysChangedThreshold), ResourceAnnotationMutationBehavior.Replace);

    private static string SaveArguments(RedisResource redis) =>
        redis.TryGetLastAnnotation<PersistenceAnnotation>(out var save)
            ? string.Create(CultureInfo.InvariantCulture, $" --save {save.Interval.TotalSeconds} {save.KeysChangedThreshold}")
            : "";
}
