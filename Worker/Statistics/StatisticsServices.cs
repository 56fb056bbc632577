using Platform.SharedState;
using Platform.SharedState.Statistics;
using Platform.SharedState.Workers;
using Platform.Worker.Serving;

namespace Platform.Worker.Statistics;

internal static class StatisticsServices
{
    public static IServiceCollection AddStatistics(this IServiceCollection services) => services
        .AddStatisticsStore()
        .AddSingleton<IStatisticsSource>(provider => provider.GetRequiredService<WorkerStatistics>())
        .AddStatisticsFlushing();

    public static void MapStatistics(this IEndpointRouteBuilder routes) => routes.MapPost(WorkerProtocol.FlushStatisticsPath, FlushAsync);

    private static async Task FlushAsync(HttpContext context, StatisticsFlusher flusher)
    {
        if (await flusher.FlushAsync(context.RequestAborted)) context.Response.StatusCode = StatusCodes.Status204NoContent;
        else await ErrorBody.WriteAsync(context, StatusCodes.Status503ServiceUnavailable, "Redis does not answer; the counts are kept.");
    }
}
