using Platform.Api;
using Platform.Api.Access;
using Platform.Api.Alerts;
using Platform.Api.Audit;
using Platform.Api.Comparison;
using Platform.Api.Compliance;
using Platform.Api.Conventions;
using Platform.Api.Datasets;
using Platform.Api.Deployments;
using Platform.Api.Docs;
using Platform.Api.Draining;
using Platform.Api.Experiments;
using Platform.Api.Feedback;
using Platform.Api.Gates;
using Platform.Api.Inference;
using Platform.Api.Inference.Grpc;
using Platform.Api.Inference.Models;
using Platform.Api.Inference.Repository;
using Platform.Api.Inference.Statistics;
using Platform.Api.Jobs;
using Platform.Api.Keys;
using Platform.Api.Limits;
using Platform.Api.Lineage;
using Platform.Api.Measuring;
using Platform.Api.Models;
using Platform.Api.Precompute;
using Platform.Api.Privacy;
using Platform.Api.Protection;
using Platform.Api.Quality;
using Platform.Api.Retention;
using Platform.Api.Rollouts;
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
builder.Services.AddPlatformSerialization()
    .AddConventions()
    .AddTraffic()
    .AddAccess()
    .AddAlertState()
    .AddAudit()
    .AddCompliance()
    .AddDatasets()
    .AddDocs()
    .AddDraining()
    .AddDriftStore()
    .AddExperiments()
    .AddFeedback()
    .AddInference()
    .AddInferenceGrpc()
    .AddJobs()
    .AddLimits()
    .AddLineage()
    .AddMeasuring()
    .AddPrivacy()
    .AddProtection()
    .AddRollouts()
    .AddServing()
    .AddVersions()
    .AddWorkers();

var app = builder.Build();
app.UseForwarding();
app.UseRequestIds().UseDraining().UseAuditTrail().UseExceptionHandler().UseSurfaces();
app.UseErrorBodies().UseRouting().UseAuthentication().UseAuthorization().UseModelScopes().UseLimits().UseAuditIntents().UseIdempotency();
app.MapDefaultEndpoints();
app.MapPrometheus().RequireAuthorization(Roles.Viewer);
app.MapInferenceGrpc();
app.MapDocs();
app.MapGroup("/v1").RequireControlPlane()
    .MapAlertRules()
    .MapAlerts()
    .MapArtifacts()
    .MapAudit()
    .MapChannels()
    .MapComparison()
    .MapCompliance()
    .MapDatasets()
    .MapDeployments()
    .MapExperiments()
    .MapFeedback()
    .MapGates()
    .MapJobs()
    .MapKeys()
    .MapLimits()
    .MapLineage()
    .MapMeasuring()
    .MapModels()
    .MapPrecompute()
    .MapPrivacy()
    .MapProtection()
    .MapQuality()
    .MapRetention()
    .MapRollouts()
    .MapSilences()
    .MapTags()
    .MapValidations()
    .MapVersions()
    .MapWorkers();
app.MapGroup("/v2").MapServer().MapInference().MapModelConfig().MapStatistics().MapRepository();
app.Run();
