using Platform.Contracts;
using Platform.ServiceDefaults;
using Platform.SharedState;
using Platform.Silo;
using Platform.Silo.Models;
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
builder.Services.AddMetricReader().AddMetricPacking();

var app = builder.Build();
app.MapDefaultEndpoints();
app.Run();
