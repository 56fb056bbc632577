using Microsoft.Extensions.Options;
using Platform.ServiceDefaults.Access;
using Platform.SharedState;
using Platform.SharedState.Frames;

namespace Platform.Api.Workers;

internal static class WorkerServices
{
    public static IServiceCollection AddWorkers(this IServiceCollection services) => services
        .AddWorkerDirectory()
        .AddSingleton(provider => new WorkerClient(provider.GetRequiredService<IOptions<InternalAccessOptions>>().Value.InternalKey))
        .AddSingleton(provider => new FrameClient(
            provider.GetRequiredService<IOptions<InternalAccessOptions>>().Value.InternalKey, new FrameClientOptions(), provider.GetRequiredService<TimeProvider>()))
        .AddSingleton<WorkerPicker>();
}
