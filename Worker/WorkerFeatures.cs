using Platform.ServiceDefaults.Access;
using Platform.SharedState;
using Platform.SharedState.Workers;
using Platform.Worker.Inference;
using Platform.Worker.Inspection;
using Platform.Worker.Loading;
using Platform.Worker.Profiling;
using Platform.Worker.Serving;
using Platform.Worker.Validation;

namespace Platform.Worker;

/// <summary>What a worker does for its callers; following plans and holding a lease come on top, and need Redis.</summary>
internal static class WorkerFeatures
{
    public static IServiceCollection AddWorkerFeatures(this IServiceCollection services) => services
        .AddArtifactStore()
        .AddMetricCounting()
        .AddServing()
        .AddInternalKey()
        .AddProfiling()
        .AddLoading()
        .AddInspection()
        .AddValidation()
        .AddInference();

    public static WebApplication MapWorker(this WebApplication app)
    {
        app.UseExceptionHandler(errors => errors.Run(context =>
            ErrorBody.WriteAsync(context, StatusCodes.Status500InternalServerError, "The worker failed; its log has the reason.")));
        app.UseInternalAccess(WorkerProtocol.KeyHeader);
        app.MapInspection();
        app.MapValidation();
        app.MapProfiling();
        app.MapInference();
        return app;
    }
}
