namespace Platform.Silo;

internal static class ReconcilingServices
{
    /// <summary>Runs that every period for as long as the silo does.</summary>
    public static IServiceCollection AddReconciler(
        this IServiceCollection services, string what, TimeSpan period, Func<IServiceProvider, CancellationToken, Task> reconcile) =>
        // Not AddHostedService, which takes one of a type only.
        services.AddSingleton<IHostedService>(provider => new Reconciler(
            what, period, cancellation => reconcile(provider, cancellation),
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<Reconciler>>()));

    /// <summary>The same, for what only calls a grain.</summary>
    public static IServiceCollection AddReconciler(this IServiceCollection services, string what, TimeSpan period, Func<IGrainFactory, Task> reconcile) =>
        services.AddReconciler(what, period, (provider, _) => reconcile(provider.GetRequiredService<IGrainFactory>()));

    /// <summary>Calls grains that have work under way. One whose silo died is activated by that on another, and goes on; a reminder would take a minute.</summary>
    public static IServiceCollection AddWaker(this IServiceCollection services, SharedState.Driven.WorkKind kind, Func<IGrainFactory, string, Task> call) =>
        services.AddReconciler($"Open work ({kind})", TimeSpan.FromSeconds(3), async (provider, cancellation) =>
        {
            var grains = provider.GetRequiredService<IGrainFactory>();
            var open = await provider.GetRequiredService<SharedState.Driven.OpenWork>().ListAsync(kind);
            await Parallel.ForEachAsync(open, cancellation, async (grain, _) => await call(grains, grain));
        });
}
