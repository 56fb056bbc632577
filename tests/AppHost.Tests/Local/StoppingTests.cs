using System.Diagnostics;

namespace AppHost.Tests.Local;

public sealed class StoppingTests : LocalTest
{
    [Fact]
    public async Task Stop_Everything_LeavesNoProcess()
    {
        var builder = LocalApp.CreateBuilder(Folder.Path);
        var redis = builder.AddRedis("redis");
        builder.AddProject<Dummy>("web").WithHttpEndpoint().WithReplicas(2).WaitFor(redis);
        builder.AddExecutable("shell", "/bin/sh", ".", "-c", "sleep 600 & echo child $!; wait");
        var app = await LocalApp.StartAsync(builder, Cancellation);
        var grandchild = int.Parse((await app.Output.LineWithAsync("child ", Cancellation)).Split(' ')[^1], null);
        int[] processes = [.. await app.ProcessIdsAsync("redis", 1, Cancellation), .. await app.ProcessIdsAsync("web", 2, Cancellation), .. await app.ProcessIdsAsync("shell", 1, Cancellation), grandchild];

        await app.DisposeAsync();

        Assert.All(processes, id => Assert.False(IsRunning(id), $"Process {id} is still there."));
        Assert.Empty(await File.ReadAllLinesAsync(Path.Combine(Folder.Path, "apphost.children"), Cancellation));
    }

    [Fact]
    public async Task Stop_InReverseOrderOfWaits_EndsDependentsFirst()
    {
        var builder = LocalApp.CreateBuilder(Folder.Path);
        var first = builder.AddExecutable("first", "/bin/sh", ".", "-c", "trap 'echo first ends; exit 0' TERM; sleep 600 & wait");
        var second = builder.AddExecutable("second", "/bin/sh", ".", "-c", "trap 'echo second ends; exit 0' TERM; sleep 600 & wait").WaitForStart(first);
        builder.AddExecutable("third", "/bin/sh", ".", "-c", "trap 'echo third ends; exit 0' TERM; echo ready; sleep 600 & wait").WaitForStart(second);
        var app = await LocalApp.StartAsync(builder, Cancellation);
        await app.Output.LineWithAsync("ready", Cancellation);

        await app.DisposeAsync();

        var ends = app.Output.ToString().Split('\n').Where(line => line.EndsWith("ends", StringComparison.Ordinal)).Select(line => line.Split('|')[1].Trim());
        Assert.Equal(["third ends", "second ends", "first ends"], ends);
    }

    [Fact]
    public async Task Stop_StubbornProcess_IsKilledWithinTenSeconds()
    {
        var builder = LocalApp.CreateBuilder(Folder.Path);
        builder.AddProject<Dummy>("web").WithHttpEndpoint().WithHttpHealthCheck("/health").WithEnvironment("STUBBORN", "1");
        var app = await LocalApp.StartAsync(builder, Cancellation);
        await app.States.WaitForResourceHealthyAsync("web", Cancellation);
        var process = (await app.ProcessIdsAsync("web", 1, Cancellation))[0];
        var begun = Stopwatch.GetTimestamp();

        await app.DisposeAsync();

        Assert.InRange(Stopwatch.GetElapsedTime(begun), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10));
        Assert.False(IsRunning(process));
    }

    [Fact]
    public async Task Stop_WhileResourcesStillWait_StartsNothingMore()
    {
        var builder = LocalApp.CreateBuilder(Folder.Path);
        var never = builder.AddProject<Dummy>("never").WithHttpEndpoint().WithHttpHealthCheck("/health").WithEnvironment("HEALTHY_FOLDER", Folder.Path);
        builder.AddExecutable("later", "/bin/sh", ".", "-c", "echo started").WaitFor(never);
        var app = await LocalApp.StartAsync(builder, Cancellation);
        await app.ProcessIdsAsync("never", 1, Cancellation);

        await app.DisposeAsync();

        Assert.DoesNotContain("started", app.Output.ToString(), StringComparison.Ordinal);
    }

    internal static bool IsRunning(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            return !process.HasExited && !File.ReadAllText($"/proc/{processId}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (Exception e) when (e is ArgumentException or IOException)
        {
            return false;
        }
    }
}
