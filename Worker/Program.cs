using Platform.ServiceDefaults;
using Platform.SharedState;
using Platform.Worker;
using Platform.Worker.Drift;
using Platform.Worker.Gpu;
using Platform.Worker.Jobs;
using Platform.Worker.Leasing;
using Platform.Worker.Loading;
using Platform.Worker.Statistics;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddRedisConnection();
builder.Services
    .AddPlanFollower()
    .AddWorkerDirectory()
    .AddWorkerFeatures()
    .AddMetricFlushing()
    .AddHostedService<GpuTelemetry>()
    .AddDrift()
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
