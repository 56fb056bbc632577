using Platform.Contracts;
using Platform.ServiceDefaults;
using Platform.Silo;
using Platform.Silo.Models;
using Platform.Silo.Storage;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddRedisConnection();
builder.AddSilo();
builder.Services.AddPlatformSerialization();
builder.Services.AddJsonGrainStorage();
builder.Services.AddModels();

var app = builder.Build();
app.MapDefaultEndpoints();
app.Run();
