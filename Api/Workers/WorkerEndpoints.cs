using System.Collections.Immutable;
using Platform.Api.Access;
using Platform.Api.Conventions;
using Platform.Core.Serving;
using Platform.SharedState.Workers;

namespace Platform.Api.Workers;

/// <param name="Utilisation">Share of the last second in which its executors were busy, 0 to 1.</param>
/// <param name="Use">CPU, memory, garbage collection, thread pool and GPUs in that second.</param>
public sealed record WorkerResponse(
    string Id,
    string Address,
    string Device,
    ImmutableArray<LoadedVersion> Versions,
    int QueueDepth,
    double Utilisation,
    bool Draining,
    DateTimeOffset StartedAt,
    DateTimeOffset LastHeartbeat,
    ProcessUse? Use);

internal static class WorkerEndpoints
{
    public static RouteGroupBuilder MapWorkers(this RouteGroupBuilder v1)
    {
        v1.MapGet("/workers", List).RequireAuthorization(Roles.Viewer).WithTags("Operations").Produces<ListResponse<WorkerResponse>>();
        return v1;
    }

    private static IResult List(WorkerDirectory directory) => Results.Ok(
        new ListResponse<WorkerResponse>([.. directory.Workers.Select(ToResponse)], NextPageToken: null));

    private static WorkerResponse ToResponse(WorkerLease worker) => new(
        worker.Id, worker.Address.ToString(), worker.Device, worker.Versions, worker.QueueDepth, worker.Utilisation,
        worker.Draining, worker.StartedAt, worker.LastHeartbeat, worker.Use);
}
