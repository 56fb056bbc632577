using Platform.ServiceDefaults;
using Platform.SharedState;
using Platform.Worker;
using Platform.Worker.Drift;
using Platform.Worker.Gpu;
using Platform.Worker.Inference.Frames;
using Platform.Worker.Jobs;
using Platform.Worker.Leasing;
using Platform.Worker.Loading;
using Platform.Worker.Probing;
using Platform.Worker.Protection;
using Platform.Worker.Statistics;

if (args is [ModelProbe.Verb, ..])
{
    using var model = Console.OpenStandardInput();
    return ModelProbe.Run(model, Console.Out);
}

SocketThreads.WorkInline();
var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddRedisConnection();
builder.Services
    .AddPlanFollower()
    .AddWorkerDirectory()
    .AddWorkerFeatures()
    .AddMetricFlushing()
    .AddSingleton<GpuTelemetry>().AddHostedService(provider => provider.GetRequiredService<GpuTelemetry>())
    .AddDrift()
    .AddProtection()
    .AddJobs()
    .AddLease()
    .AddStatistics()
    .AddPlanLoop();

var app = builder.Build();
app.MapWorker();
app.MapStatistics();
app.MapDefaultEndpoints();
app.MapPrometheus();
app.Run();
return 0;
