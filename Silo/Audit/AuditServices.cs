using Platform.SharedState;

namespace Platform.Silo.Audit;

internal static class AuditServices
{
    public static IServiceCollection AddAudit(this IServiceCollection services) => services.AddAuditLog();
}
