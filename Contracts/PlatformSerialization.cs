using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Platform.Core;

namespace Platform.Contracts;

/// <summary>How grain calls carry our types: as the JSON that HTTP and storage use, so that Core knows nothing of Orleans.</summary>
public static class PlatformSerialization
{
    public static IServiceCollection AddPlatformSerialization(this IServiceCollection services) =>
        services.AddSerializer(serializer => serializer.AddJsonSerializer(IsOurs, PlatformJson.Options));

    private static bool IsOurs(Type type) =>
        !typeof(Exception).IsAssignableFrom(type)
        && type.Namespace is { } name
        && (name.StartsWith("Platform.Core", StringComparison.Ordinal) || name.StartsWith("Platform.Contracts", StringComparison.Ordinal));
}
