using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Platform.Core;
using Platform.Core.Models.Validations;
using Platform.Core.Serving;
using Platform.SharedState.Workers;

namespace Platform.Silo.Tests;

/// <summary>A worker that measures whatever the test says, and renews its lease until it is disposed of.</summary>
internal sealed class FakeMeasurer : IAsyncDisposable
{
    private readonly Cluster cluster;
    private readonly WebApplication app;
    private readonly int queueDepth;
    private readonly PeriodicTimer timer = new(TimeSpan.FromMilliseconds(500));
    private Task renewing = Task.CompletedTask;

    private FakeMeasurer(Cluster cluster, WebApplication app, int queueDepth) => (this.cluster, this.app, this.queueDepth) = (cluster, app, queueDepth);

    public string Id { get; } = $"w-{Guid.NewGuid():n}";

    public int Calls { get; private set; }

    public string? Key { get; private set; }

    /// <param name="answer">The measurement; null makes the connection break, as a worker does that dies.</param>
    public static async Task<FakeMeasurer> StartAsync(Cluster cluster, Func<MeasurementRequest, Task<Measurement?>> answer, int queueDepth = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var worker = new FakeMeasurer(cluster, app, queueDepth);
        app.MapPost(WorkerProtocol.ValidatePath, context => worker.AnswerAsync(context, answer));
        await app.StartAsync();
        await worker.ReportAsync();
        worker.renewing = worker.RenewAsync();
        return worker;
    }

    public async ValueTask DisposeAsync()
    {
        timer.Dispose();
        await renewing;
        await cluster.Leases.ReleaseAsync(Id);
        await app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context, Func<MeasurementRequest, Task<Measurement?>> answer)
    {
        Calls++;
        Key = context.Request.Headers[WorkerProtocol.KeyHeader];
        var request = await context.Request.ReadFromJsonAsync<MeasurementRequest>(PlatformJson.Options);
        if (await answer(request!) is { } measured) await context.Response.WriteAsJsonAsync(measured, PlatformJson.Options);
        else context.Abort();
    }

    private async Task RenewAsync()
    {
        while (await timer.WaitForNextTickAsync()) await ReportAsync();
    }

    private Task ReportAsync()
    {
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return cluster.Leases.RenewAsync(new WorkerLease(Id, new Uri(address), "cpu", [], queueDepth, 0, false, default, default), announce: true);
    }
}
