using Platform.ServiceDefaults;
using Platform.SharedState;
using Platform.Worker;
using Platform.Worker.Gpu;
using Platform.Worker.Leasing;
using Platform.Worker.Loading;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddRedisConnection();
builder.Services
    .AddPlanFollower()
    .AddWorkerDirectory()
    .AddWorkerFeatures()
    .AddMetricFlushing()
    .AddHostedService<GpuTelemetry>()
    .AddLease()
    .AddPlanLoop();

var app = builder.Build();
app.MapWorker();
app.MapDefaultEndpoints();
app.MapPrometheus();
app.Run();
