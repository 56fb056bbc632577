// The whole topology. Ordinary Aspire code: it compiles against AppHost.Local (the default) and against
// Aspire's own packages (-p:UseAspire=true); see docs/decisions.
var builder = DistributedApplication.CreateBuilder(args);

var secret = new GenerateParameterDefault { MinLength = 43, Special = false };
var adminKey = builder.AddParameter("admin-key", secret, secret: true, persist: true);
var internalKey = builder.AddParameter("internal-key", secret, secret: true, persist: true);
var platformKey = builder.AddParameter("platform-key", secret, secret: true, persist: true);

var redis = builder.AddRedis("redis")
    .WithDataVolume("platform-redis-data");

var orleans = builder.AddOrleans("platform")
    .WithClustering(redis)
    .WithGrainStorage("Default", redis)
    .WithReminders(redis);

// More of each on one machine: --Silo:Replicas 2 --Worker:Replicas 4 --Api:Replicas 2.
var silos = int.Parse(builder.Configuration["Silo:Replicas"] ?? "1");
var apis = int.Parse(builder.Configuration["Api:Replicas"] ?? "1");
var workers = int.Parse(builder.Configuration["Worker:Replicas"] ?? "2");

var silo = builder.AddProject<Projects.Silo>("silo")
    .WithHttpEndpoint()
    .WithHttpHealthCheck("/health")
    .WithReference(orleans)
    .WithEnvironment("Artifacts__PlatformKey", platformKey)
    .WithEnvironment("Access__InternalKey", internalKey)
    .WithReplicas(silos)
    .WaitFor(redis);

var api = builder.AddProject<Projects.Api>("api")
    .WithExternalHttpEndpoints()
    .WithHttpEndpoint(port: 5081, name: "grpc", env: "GRPC_PORT")
    .WithHttpHealthCheck("/health", endpointName: "http")
    .WithReference(orleans.AsClient())
    .WithReference(redis)
    .WithEnvironment("Access__AdminKey", adminKey)
    .WithEnvironment("Access__InternalKey", internalKey)
    .WithEnvironment("Artifacts__PlatformKey", platformKey)
    .WithReplicas(apis)
    .WithUrlForEndpoint("http", (EndpointReference _) => new ResourceUrlAnnotation { Url = "/docs", DisplayText = "API reference" })
    .WaitFor(silo);

var worker = builder.AddProject<Projects.Worker>("worker")
    .WithHttpEndpoint()
    .WithHttpHealthCheck("/health")
    .WithReference(redis)
    .WithEnvironment("Access__InternalKey", internalKey)
    .WithEnvironment("Artifacts__PlatformKey", platformKey)
    .WithReplicas(workers)
    .WaitFor(redis);

if (builder.ExecutionContext.IsRunMode)
{
    // On a developer's machine the hosts share one folder; elsewhere the deployment names the artifact store.
    var artifacts = Path.GetFullPath(Path.Combine(builder.AppHostDirectory, builder.Configuration["Data:Folder"] ?? ".data", "artifacts"));
    silo.WithEnvironment("Artifacts__Folder", artifacts);
    api.WithEnvironment("Artifacts__Folder", artifacts);
    worker.WithEnvironment("Artifacts__Folder", artifacts);
    // A developer's webhook is on this machine; without it, alerts go to public addresses only.
    if (builder.Configuration["Alerts:AllowPrivateTargets"] is { } allowed) silo.WithEnvironment("Alerts__AllowPrivateTargets", allowed);

    if (builder.Configuration["Serving:TritonCompatibility"] is { } compatible) api.WithEnvironment("Serving__TritonCompatibility", compatible);

    if (args.Contains("--demo"))
    {
        builder.AddProject<Projects.Digits>("demo")
            .WithReference(api)
            .WithEnvironment("ADMIN_KEY", adminKey)
            .WaitFor(api)
            .WaitFor(worker);
    }
}

builder.Build().Run();
