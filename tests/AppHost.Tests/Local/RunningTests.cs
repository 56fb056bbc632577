using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AppHost.Tests.Local;

public sealed class RunningTests : LocalTest
{
    [Fact]
    public async Task Project_Crashed_ComesBackOnTheSamePorts()
    {
        var builder = LocalApp.CreateBuilder(Folder.Path);
        builder.AddProject<Dummy>("web").WithHttpEndpoint().WithHttpHealthCheck("/health");
        await using var app = await LocalApp.StartAsync(builder, Cancellation);
        await app.States.WaitForResourceHealthyAsync("web", Cancellation);
        using var client = app.Running.CreateHttpClient("web");
        var urls = await client.GetStringAsync(new Uri("/environment/ASPNETCORE_URLS", UriKind.Relative), Cancellation);
        var before = (await app.ProcessIdsAsync("web", 1, Cancellation))[0];

        using var killed = Process.GetProcessById(before);
        killed.Kill();

        Assert.Contains("by SIGKILL (exit code 137); it is started again in 0.5 s (attempt 1)", await app.Output.LineWithAsync("web ended", Cancellation), StringComparison.Ordinal);
        await app.States.WaitForResourceAsync("web", change => change.Snapshot.HealthStatus is HealthStatus.Healthy && LocalApp.Pid(change) != before, Cancellation);
        Assert.Equal(urls, await client.GetStringAsync(new Uri("/environment/ASPNETCORE_URLS", UriKind.Relative), Cancellation));
    }

    [Fact]
    public async Task Service_ExitsWithZero_IsStartedAgainAllTheSame()
    {
        var builder = LocalApp.CreateBuilder(Folder.Path);
        builder.AddProject<Dummy>("web").WithHttpEndpoint().WithEnvironment("EXIT_AT_ONCE", "0");
        await using var app = await LocalApp.StartAsync(builder, Cancellation);

        Assert.Contains("in 0.5 s (attempt 1)", await app.Output.LineWithAsync("attempt 1", Cancellation), StringComparison.Ordinal);
        Assert.Contains("in 1 s (attempt 2)", await app.Output.LineWithAsync("attempt 2", Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Job_ExitsWithZero_IsFinishedAndNotStartedAgain()
    {
        var builder = LocalApp.CreateBuilder(Folder.Path);
        builder.AddProject<Dummy>("job").WithEnvironment("EXIT_AT_ONCE", "0");
        await using var app = await LocalApp.StartAsync(builder, Cancellation);

        await app.States.WaitForResourceAsync("job", KnownResourceStates.Finished, Cancellation);

        Assert.Contains("job has finished.", await app.Output.LineWithAsync("finished", Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WaitFor_SomeReplicasHealthy_HoldsTheStartUntilAllAre()
    {
        var builder = LocalApp.CreateBuilder(Folder.Path);
        var dependency = builder.AddProject<Dummy>("first").WithHttpEndpoint().WithHttpHealthCheck("/health").WithReplicas(2).WithEnvironment("HEALTHY_FOLDER", Folder.Path);
        builder.AddProject<Dummy>("second").WithHttpEndpoint().WaitFor(dependency);
        await using var app = await LocalApp.StartAsync(builder, Cancellation);
        var processes = await app.ProcessIdsAsync("first", 2, Cancellation);

        Folder.File($"{processes[0]}", "");
        await app.States.WaitForResourceAsync("first", change => change.Snapshot.HealthStatus is HealthStatus.Healthy, Cancellation);
        Assert.Equal(KnownResourceStates.Waiting, app.States.TryGetCurrentState("second", out var change) ? change.Snapshot.State?.Text : null);
        Folder.File($"{processes[1]}", "");

        await app.States.WaitForResourceAsync("second", KnownResourceStates.Running, Cancellation);
    }

    [Fact]
    public async Task WaitFor_DependencyExits_FailsTheDependentInTests()
    {
        var builder = LocalApp.CreateBuilder(Folder.Path);
        var dependency = builder.AddProject<Dummy>("first").WithHttpEndpoint().WithEnvironment("EXIT_AT_ONCE", "3").WithHttpHealthCheck("/health");
        builder.AddProject<Dummy>("second").WithHttpEndpoint().WaitFor(dependency);
        await using var app = await LocalApp.StartAsync(builder, Cancellation);

        await app.States.WaitForResourceAsync("second", KnownResourceStates.FailedToStart, Cancellation);

        Assert.Contains("'first' has entered the 'Exited' state prematurely", await app.Output.LineWithAsync("second could not be started", Cancellation), StringComparison.Ordinal);
        await Assert.ThrowsAsync<DistributedApplicationException>(() => app.States.WaitForResourceHealthyAsync("second", Cancellation));
    }

    [Fact]
    public async Task Executable_MissingCommand_FailsToStartAndSaysSo()
    {
        var builder = LocalApp.CreateBuilder(Folder.Path);
        builder.AddExecutable("tool", "no-such-command-here", ".");
        await using var app = await LocalApp.StartAsync(builder, Cancellation);

        Assert.Contains("tool", await app.Output.LineWithAsync("exit code 127", Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Executable_WithPortVariable_GetsItsTargetPort()
    {
        var builder = LocalApp.CreateBuilder(Folder.Path);
        builder.AddExecutable("tool", "/bin/sh", ".", "-c", "echo port $PORT; sleep 600").WithHttpEndpoint(env: "PORT");
        await using var app = await LocalApp.StartAsync(builder, Cancellation);

        var line = await app.Output.LineWithAsync("port ", Cancellation);

        Assert.True(int.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture) > 0, line);
    }}
