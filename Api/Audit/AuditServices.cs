using Grpc.AspNetCore.Server;
using Platform.SharedState;

namespace Platform.Api.Audit;

internal static class AuditServices
{
    public static IServiceCollection AddAudit(this IServiceCollection services)
    {
        services.AddOptions<TrailOptions>().BindConfiguration(TrailOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<AuditedRpcs>().Configure<GrpcServiceOptions>(grpc => grpc.Interceptors.Add<AuditedRpcs>());
        return services.AddAuditLog()
            .AddSingleton<AuditedRoutes>().AddSingleton<AuditWriter>().AddSingleton<ResourceDigests>().AddSingleton<VerifyTurn>()
            .AddSingleton<Counts>().AddHostedService(provider => provider.GetRequiredService<Counts>());
    }
}
