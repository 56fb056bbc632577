using Platform.Contracts.Models;
using Platform.SharedState;
using Platform.SharedState.Models;

namespace Platform.Silo.Models;

internal static class ModelServices
{
    public static IServiceCollection AddModels(this IServiceCollection services)
    {
        services.AddOptions<DeploymentOptions>().BindConfiguration(DeploymentOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        return services
            .AddPlanStore()
            .AddWorkerDirectory()
            .AddArtifactStore()
            .AddSingleton<ModelIndexStore>()
            .AddHostedService<ModelReconciler>()
            .AddSingleton<UnownedFiles>()
            .AddReconciler("Unowned files", UnownedFiles.Period, (provider, cancellation) => provider.GetRequiredService<UnownedFiles>().SweepAsync(cancellation));
    }
}
