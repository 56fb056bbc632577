using Platform.Contracts;
using Platform.ServiceDefaults;
using Platform.ServiceDefaults.Access;
using Platform.SharedState;
using Platform.SharedState.Workers;
using Platform.Silo;
using Platform.Silo.Keys;
using Platform.Silo.Limits;
using Platform.Silo.Models;
using Platform.Silo.Storage;
using Platform.Silo.Validations;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddRedisConnection();
builder.AddSilo();
builder.Services.AddPlatformSerialization();
builder.Services.AddInternalKey();
builder.Services.AddJsonGrainStorage();
builder.Services.AddModels();
builder.Services.AddKeys();
builder.Services.AddLimits();
builder.Services.AddValidations();
builder.Services.AddMetricReader().AddMetricPacking();

var app = builder.Build();
app.UseInternalAccess(WorkerProtocol.KeyHeader);
app.MapDefaultEndpoints();
app.Run();
