using System.Diagnostics;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using StackExchange.Redis;

namespace AppHost.Tests.Local;

public sealed class RedisTests : LocalTest
{
    private const string NoRedisServer = "redis-server is not on the PATH. These tests need it: apt-get install redis-server (or the like), then run them again.";

    [Theory]
    [InlineData("garnet")]
    [InlineData("redis-server")]
    public async Task Redis_KilledWhileWritten_HasEveryAcknowledgedWrite(string engine)
    {
        var written = new AcknowledgedWrites();
        for (var generation = 0; generation < 2; generation++)
        {
            await using var app = await StartAsync(engine);
            for (var crash = 0; crash < 2; crash++)
            {
                await written.VerifyAsync(await ConnectAsync(app));
                var process = (await app.ProcessIdsAsync("redis", 1, Cancellation))[0];
                await written.WriteUntilAsync(await ConnectionStringAsync(app), () => Kill(process), Cancellation);
                await app.States.WaitForResourceAsync("redis", change => change.Snapshot.HealthStatus is HealthStatus.Healthy && LocalApp.Pid(change) != process, Cancellation);
            }

            await written.VerifyAsync(await ConnectAsync(app));
        }

        // After the orderly stop as well, which leaves a checkpoint.
        await using var last = await StartAsync(engine);
        await written.VerifyAsync(await ConnectAsync(last));
    }

    [Theory]
    [InlineData("garnet")]
    [InlineData("redis-server")]
    public async Task Redis_Password_IsWantedAndOnNoCommandLine(string engine)
    {
        await using var app = await StartAsync(engine);
        var options = ConfigurationOptions.Parse(await ConnectionStringAsync(app));
        var process = (await app.ProcessIdsAsync("redis", 1, Cancellation))[0];

        Assert.DoesNotContain(options.Password!, await File.ReadAllTextAsync($"/proc/{process}/cmdline", Cancellation), StringComparison.Ordinal);
        options.Password = "another";
        options.ConnectTimeout = 1000;
        await Assert.ThrowsAsync<RedisConnectionException>(() => ConnectionMultiplexer.ConnectAsync(options));
    }

    [Fact]
    public async Task Garnet_PublishAndScripts_Work()
    {
        await using var app = await StartAsync("garnet");
        await using var redis = await ConnectAsync(app);
        var received = new TaskCompletionSource<string?>();
        await redis.GetSubscriber().SubscribeAsync(RedisChannel.Literal("plans"), (_, message) => received.TrySetResult(message));

        var sum = await redis.GetDatabase().ScriptEvaluateAsync("return redis.call('INCRBY', KEYS[1], ARGV[1])", [(RedisKey)"sum"], [5]);
        await redis.GetSubscriber().PublishAsync(RedisChannel.Literal("plans"), "hello");

        Assert.Equal(5, (int)sum);
        Assert.Equal("hello", await received.Task.WaitAsync(Cancellation));
    }

    [Fact]
    public async Task Garnet_ParentGone_EndsByItself()
    {
        using var parent = Process.Start("sleep", "600");
        var program = typeof(DistributedApplication).Assembly.GetCustomAttributesData()
            .Select(data => data.ConstructorArguments).Single(a => a is [{ Value: "GarnetPath" }, _])[1].Value!.ToString()!;
        using var free = new Aspire.Hosting.Running.FreePorts();
        var start = new ProcessStartInfo("dotnet", [program, "--port", $"{free.Take()}", "--folder", Folder.Path, "--parent", $"{parent.Id}"]) { RedirectStandardOutput = true };
        using var garnet = Process.Start(start)!;
        await garnet.StandardOutput.ReadLineAsync(Cancellation);

        parent.Kill();

        await garnet.WaitForExitAsync(Cancellation);
        Assert.Equal(0, garnet.ExitCode);
    }

    [Fact]
    public async Task Engine_Unknown_FailsToStartAndNamesTheKnownOnes()
    {
        var builder = LocalApp.CreateBuilder(Folder.Path, "--Redis:Engine=valkey");
        builder.AddRedis("redis");
        await using var app = await LocalApp.StartAsync(builder, Cancellation);

        Assert.Contains("It is garnet or redis-server.", await app.Output.LineWithAsync("could not be started", Cancellation), StringComparison.Ordinal);
    }

    private async Task<LocalApp> StartAsync(string engine)
    {
        Assert.True(engine is "garnet" || Array.Exists(Environment.GetEnvironmentVariable("PATH")!.Split(':'), folder => File.Exists(Path.Combine(folder, "redis-server"))), NoRedisServer);
        var builder = LocalApp.CreateBuilder(Folder.Path, $"--Redis:Engine={engine}");
        builder.AddRedis("redis").WithDataVolume("redis-data");
        var app = await LocalApp.StartAsync(builder, Cancellation);
        await app.States.WaitForResourceHealthyAsync("redis", Cancellation);
        return app;
    }

    private async Task<ConnectionMultiplexer> ConnectAsync(LocalApp app) =>
        await ConnectionMultiplexer.ConnectAsync(await ConnectionStringAsync(app));

    private async Task<string> ConnectionStringAsync(LocalApp app) => (await app.Running.GetConnectionStringAsync("redis", Cancellation))!;

    private static void Kill(int processId)
    {
        using var process = Process.GetProcessById(processId);
        process.Kill();
    }
}
