using Microsoft.Extensions.Options;
using Platform.ServiceDefaults.Access;
using Platform.SharedState;

namespace Platform.Api.Workers;

internal static class WorkerServices
{
    public static IServiceCollection AddWorkers(this IServiceCollection services) => services
        .AddWorkerDirectory()
        .AddSingleton(provider => new WorkerClient(provider.GetRequiredService<IOptions<InternalAccessOptions>>().Value.InternalKey))
        .AddSingleton<WorkerPicker>();
}
