using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace Platform.AppHost.Tests.EndToEnd;

/// <summary>The whole platform, started by AppHost with data and keys of the test's own, and a client of its front door.</summary>
public sealed class RunningPlatform : IAsyncDisposable
{
    public const string AdminKey = "an-admin-key-of-the-end-to-end-tests-0123456789";
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(120);
    private readonly string data = Directory.CreateTempSubdirectory("platform-e2e-").FullName;
    private DistributedApplication app = null!;

    public HttpClient Api { get; private set; } = null!;

    /// <summary>Where everything that the platform keeps lies.</summary>
    public string DataFolder => data;

    /// <summary>Arguments that keep an AppHost away from a developer's own data and secrets.</summary>
    public static string[] Isolated(string data) =>
    [
        $"--Data:Folder={data}",
        $"--Parameters:admin-key={AdminKey}",
        "--Parameters:internal-key=an-internal-key-of-the-end-to-end-tests-01234",
        "--Parameters:platform-key=a-platform-key-of-the-end-to-end-tests-012345",
        "--Parameters:redis-password=redispasswordoftests1",
        "--Parameters:platform-cluster-id=e2e",
        "--Parameters:platform-service-id=e2e",
    ];

    public static async Task<RunningPlatform> StartAsync(params string[] args)
    {
        var platform = new RunningPlatform();
        using var limit = new CancellationTokenSource(StartLimit);
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(
            [.. Isolated(platform.data), .. args], limit.Token);
        platform.app = await builder.BuildAsync(limit.Token);
        await platform.app.StartAsync(limit.Token);
        foreach (var resource in (string[])["redis", "silo", "api", "worker"]) await platform.UntilHealthyAsync(resource, limit.Token);
        platform.Api = platform.NewClient(AdminKey);
        await platform.UntilWorkersAsync(count: 2);
        return platform;
    }

    public HttpClient NewClient(string? key)
    {
        var client = new HttpClient { BaseAddress = app.GetEndpoint("api", "http"), Timeout = TimeSpan.FromSeconds(100) };
        if (key is not null) client.DefaultRequestHeaders.Authorization = new("Bearer", key);
        return client;
    }

    public Uri Endpoint(string resource, string name) => app.GetEndpoint(resource, name);

    public Task<ResourceEvent> UntilHealthyAsync(string resource, CancellationToken cancellation) =>
        app.ResourceNotifications.WaitForResourceHealthyAsync(resource, cancellation);

    public Task UntilFinishedAsync(string resource, CancellationToken cancellation) =>
        app.ResourceNotifications.WaitForResourceAsync(resource, [KnownResourceStates.Finished], cancellation);

    /// <summary>The processes of a resource, one a replica.</summary>
    public async Task<IReadOnlyList<Process>> ProcessesAsync(string resource)
    {
        var replicas = new Dictionary<string, int>();
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        try
        {
            // The present states come first, at once; the stream itself never ends.
            await foreach (var change in app.ResourceNotifications.WatchAsync(soon.Token))
            {
                var pid = change.Snapshot.Properties.FirstOrDefault(property => property.Name == "executable.pid")?.Value;
                if (change.Resource.Name == resource && pid is not null)
                    replicas[change.ResourceId] = Convert.ToInt32(pid, CultureInfo.InvariantCulture);
            }
        }
        catch (OperationCanceledException)
        {
            // All present states have come.
        }

        return
        [
            .. replicas.OrderBy(replica => replica.Key, StringComparer.Ordinal)
                .Select(replica => Find(replica.Value)).OfType<Process>(),
        ];
    }

    private static Process? Find(int pid)
    {
        try
        {
            return Process.GetProcessById(pid);
        }
        catch (ArgumentException)
        {
            // It died since AppHost told of it.
            return null;
        }
    }

    /// <summary>Waits until that many replicas of a resource run and none of them is a dead one.</summary>
    public Task UntilReplicasAsync(string resource, int count) => Until.TrueAsync(
        async () =>
        {
            var processes = await ProcessesAsync(resource);
            return processes.Count == count && processes.All(process => !process.HasExited);
        },
        TimeSpan.FromSeconds(60), $"{count} replicas of {resource}");

    /// <summary>Waits until that many replicas of a resource are healthy, each by its own check since its own start.</summary>
    public Task UntilHealthyReplicasAsync(string resource, int count) => Until.TrueAsync(
        async () =>
        {
            var healthy = new Dictionary<string, bool>();
            using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(1));
            try
            {
                await foreach (var change in app.ResourceNotifications.WatchAsync(soon.Token))
                {
                    if (change.Resource.Name == resource)
                        healthy[change.ResourceId] = change.Snapshot is { State.Text: "Running", HealthStatus: Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Healthy };
                }
            }
            catch (OperationCanceledException)
            {
                // All present states have come.
            }

            return healthy.Values.Count(isHealthy => isHealthy) == count;
        },
        TimeSpan.FromSeconds(60), $"{count} healthy replicas of {resource}");

    /// <summary>Waits until the front door lists that many workers, none of them a dead one.</summary>
    public Task UntilWorkersAsync(int count) => Until.TrueAsync(
        async () => (await Api.GetFromJsonAsync<JsonElement>("/v1/workers")).GetProperty("items").GetArrayLength() == count,
        TimeSpan.FromSeconds(30), $"{count} workers to be listed");

    public async ValueTask DisposeAsync()
    {
        Api?.Dispose();
        await app.DisposeAsync();
        Directory.Delete(data, recursive: true);
    }
}
