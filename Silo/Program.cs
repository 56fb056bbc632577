using Platform.Contracts;
using Platform.ServiceDefaults;
using Platform.SharedState;
using Platform.Silo;
using Platform.Silo.Experiments;
using Platform.Silo.Models;
using Platform.Silo.Rollouts;
using Platform.Silo.Storage;
using Platform.Silo.Validations;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddRedisConnection();
builder.AddSilo();
builder.Services.AddPlatformSerialization();
builder.Services.AddJsonGrainStorage();
builder.Services.AddModels();
builder.Services.AddValidations();
builder.Services.AddExperiments();
builder.Services.AddRollouts();
builder.Services.AddMetricReader().AddMetricPacking();

var app = builder.Build();
app.UseInternalKeyForMetrics();
app.MapDefaultEndpoints();
app.MapPrometheus();
app.Run();
