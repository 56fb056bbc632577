using Aspire.Hosting.Projects;

namespace AppHost.Tests.Local;

/// <summary>The topology that Golden/ has Aspire's own output for.</summary>
internal sealed class SampleTopology : IDisposable
{
    // Projects are made with new(), so where they lie cannot be handed to them.
    private static readonly AsyncLocal<string> Root = new();

    private readonly TemporaryFolder folder = new();

    public SampleTopology()
    {
        Root.Value = folder.Path;
        Directory.CreateDirectory(Path.Combine(folder.Path, "Sample.AppHost"));
        foreach (var project in (string[])["Silo", "Api", "Worker"]) folder.File($"{project}/{project}.csproj", "<Project/>");
        foreach (var project in (string[])["Silo", "Api"]) folder.File($"{project}/Properties/launchSettings.json", """
            {
              "profiles": {
                "http": {
                  "commandName": "Project",
                  "applicationUrl": "http://localhost:5301",
                  "environmentVariables": { "ASPNETCORE_ENVIRONMENT": "Development" }
                }
              }
            }
            """);
    }

    public string ManifestPath => Path.Combine(folder.Path, "manifest.json");

    public static string Golden(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Local", "Golden", name));

    public IDistributedApplicationBuilder Describe(params string[] args)
    {
        var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions
        {
            Args = [.. args, "--Parameters:api-key=s3cret", "--ConnectionStrings:warehouse=Host=db;Database=w", $"--ASPIRE_USER_SECRETS_ID={Path.GetFileName(folder.Path)}"],
            ProjectDirectory = Path.Combine(folder.Path, "Sample.AppHost"),
            DisableDashboard = true,
        });
        var key = builder.AddParameter("api-key", secret: true);
        var region = builder.AddParameter("region", "eu-west", publishValueAsDefault: true);
        var store = builder.AddRedis("redis").WithLifetime(ContainerLifetime.Persistent);
        var warehouse = builder.AddConnectionString("warehouse");
        var cluster = builder.AddOrleans("platform").WithClustering(store).WithGrainStorage("Default", store).WithReminders(store);
        var silo = builder.AddProject<Silo>("silo").WithReference(cluster).WithReplicas(1).WaitFor(store);
        var api = builder.AddProject<Api>("api")
            .WithReference(cluster.AsClient())
            .WithReference(store)
            .WithEnvironment("API_KEY", key)
            .WithEnvironment("REGION", region)
            .WaitFor(store)
            .WaitFor(silo)
            .WithExternalHttpEndpoints()
            .WithHttpHealthCheck("/health");
        builder.AddProject<Worker>("worker").WithReference(api).WithReference(warehouse).WithReplicas(2).WaitFor(api);
        builder.AddExecutable("ticker", "sleep", ".", "600")
            .WithHttpEndpoint(port: 7009, targetPort: 7010, env: "PORT")
            .WithEnvironment("API_URL", api.GetEndpoint("http"));
        if (builder.ExecutionContext.IsRunMode) builder.AddExecutable("devonly", "sleep", ".", "600").ExcludeFromManifest();
        return builder;
    }

    public void Dispose() => folder.Dispose();

    private abstract class Project(string name) : ILocalProjectMetadata
    {
        public string ProjectPath { get; } = Path.Combine(Root.Value!, name, $"{name}.csproj");

        public string TargetPath => ProjectPath;
    }

    private sealed class Silo() : Project("Silo");

    private sealed class Api() : Project("Api");

    private sealed class Worker() : Project("Worker");
}
