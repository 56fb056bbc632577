using Platform.Api;
using Platform.Api.Access;
using Platform.Api.Comparison;
using Platform.Api.Conventions;
using Platform.Api.Datasets;
using Platform.Api.Deployments;
using Platform.Api.Docs;
using Platform.Api.Draining;
using Platform.Api.Feedback;
using Platform.Api.Gates;
using Platform.Api.Inference;
using Platform.Api.Keys;
using Platform.Api.Limits;
using Platform.Api.Models;
using Platform.Api.Precompute;
using Platform.Api.Quality;
using Platform.Api.Retention;
using Platform.Api.Serving;
using Platform.Api.Tags;
using Platform.Api.Validations;
using Platform.Api.Versions;
using Platform.Api.Workers;
using Platform.Contracts;
using Platform.ServiceDefaults;
using Platform.SharedState;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddRedisConnection();
builder.AddClusterClient();
builder.AddPorts();
builder.Services.AddPlatformSerialization().AddConventions().AddTraffic().AddAccess();
builder.Services.AddWorkers().AddVersions().AddServing().AddDatasets().AddFeedback().AddDraining().AddDocs().AddLimits();
// Otherwise gRPC claims every two-part path, and a wrong method there would be "not found".
builder.Services.AddGrpc(options => options.IgnoreUnknownServices = true);
builder.Services.AddGrpcHealthChecks();

var app = builder.Build();
app.UseRequestIds().UseDraining().UseExceptionHandler().UseSurfaces();
app.UseErrorBodies().UseRouting().UseAuthentication().UseAuthorization().UseModelScopes().UseLimits().UseIdempotency();
app.MapDefaultEndpoints();
app.MapGrpcHealthChecksService().AllowAnonymous();
app.MapDocs();
app.MapGroup("/v1").RequireControlPlane().MapModels().MapVersions().MapArtifacts().MapTags().MapComparison()
    .MapRetention().MapGates().MapDatasets().MapValidations().MapDeployments().MapPrecompute().MapWorkers().MapFeedback().MapQuality()
    .MapKeys().MapLimits();
app.MapGroup("/v2").MapServer().MapInference();
app.Run();
