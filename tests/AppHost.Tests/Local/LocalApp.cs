using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;

namespace AppHost.Tests.Local;

/// <summary>A small application run by AppHost.Local, with a data folder, secrets and ports that are this test's own.</summary>
internal sealed class LocalApp : IAsyncDisposable
{
    private LocalApp(DistributedApplication running, LineWriter output)
    {
        Running = running;
        Output = output;
    }

    public DistributedApplication Running { get; }

    public LineWriter Output { get; }

    public ResourceNotificationService States => Running.ResourceNotifications;

    /// <summary>No test reads or writes the secrets of whoever runs it.</summary>
    [ModuleInitializer]
    internal static void UseHomeOfItsOwn() => Environment.SetEnvironmentVariable("HOME", Directory.CreateTempSubdirectory("apphost-tests-home-").FullName);

    public static IDistributedApplicationBuilder CreateBuilder(string folder, params string[] args) => DistributedApplication.CreateBuilder(new DistributedApplicationOptions
    {
        Args = [$"--Data:Folder={folder}", "--DcpPublisher:RandomizePorts=true", $"--ASPIRE_USER_SECRETS_ID={Path.GetFileName(folder)}", .. args],
        ProjectDirectory = folder,
        DisableDashboard = true,
    });

    public static LocalApp Build(IDistributedApplicationBuilder builder)
    {
        var output = new LineWriter();
        builder.Services.AddSingleton<TextWriter>(output);
        return new LocalApp(builder.Build(), output);
    }

    public static async Task<LocalApp> StartAsync(IDistributedApplicationBuilder builder, CancellationToken cancellationToken)
    {
        var app = Build(builder);
        await app.Running.StartAsync(cancellationToken);
        return app;
    }

    /// <summary>The processes of a resource, as the snapshots of its replicas have them.</summary>
    public async Task<int[]> ProcessIdsAsync(string resource, int count, CancellationToken cancellationToken)
    {
        var found = new ConcurrentDictionary<string, int>();
        await States.WaitForResourceAsync(resource, change =>
        {
            if (change.Snapshot.HealthStatus is not null) found[change.ResourceId] = Pid(change);
            return found.Count == count;
        }, cancellationToken);
        return [.. found.Values];
    }

    public static int Pid(ResourceEvent change) => (int)change.Snapshot.Properties.Single(property => property.Name == "executable.pid").Value!;

    public ValueTask DisposeAsync() => Running.DisposeAsync();
}
