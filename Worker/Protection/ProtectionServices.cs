using Platform.SharedState;

namespace Platform.Worker.Protection;

internal static class ProtectionServices
{
    /// <summary>References of the input checks by way of Redis; the checks themselves belong to inference.</summary>
    public static IServiceCollection AddProtection(this IServiceCollection services) =>
        services.AddProtectionState().AddFindingFlushing().AddHostedService<ReferenceKeeper>();
}
