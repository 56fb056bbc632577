using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Platform.Api.Audit;
using Platform.Contracts;
using Platform.Core.Audit;
using Platform.SharedState.Artifacts;
using Platform.SharedState.Audit;
using StackExchange.Redis;
using SiloAudit = Platform.Silo.Audit.AuditServices;

namespace Platform.Benchmarks.Audit;

/// <summary>
/// Appends that arrive at a fixed rate, whether or not earlier ones are done, on the way that the Api's take: its
/// writer, a silo over TCP, and the engine of the local Redis, which answers when the system has the write.
/// </summary>
internal static class AppendBenchmark
{
    private const int PerSecond = 2_000;
    private static readonly TimeSpan Warmup = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(20);

    public static async Task<int> RunAsync()
    {
        await using var engine = await LocalEngine.StartAsync();
        using var silo = await StartSiloAsync(engine.Connection);
        using var client = await StartClientAsync();
        var writer = new AuditWriter(client.Services.GetRequiredService<IClusterClient>(), Options.Create(new TrailOptions()), TimeProvider.System);
        await LoadAsync(writer, Warmup);
        var watch = Stopwatch.StartNew();
        var latencies = await LoadAsync(writer, Duration);
        var rate = latencies.Length / watch.Elapsed.TotalSeconds;
        var p99 = latencies[(int)(latencies.Length * 0.99)];
        Console.WriteLine(
            $"append: {rate:N0}/s of {PerSecond:N0}/s asked, p50 {latencies[latencies.Length / 2]:0.00} ms, p99 {p99:0.00} ms, " +
            $"max {latencies[^1]:0.0} ms (wanted: 2,000/s, p99 at most 10 ms)");
        await client.StopAsync();
        var verification = silo.Services.GetRequiredService<AuditVerification>();
        var verdict = await verification.RunAsync(writer.KnownSize, CancellationToken.None);
        await silo.StopAsync();
        Console.WriteLine($"the log of {verdict.Entries:N0} entries is {(verdict.Valid ? "valid" : $"not valid: {verdict.Reason}")}");
        return verdict.Valid && rate > PerSecond * 0.98 && p99 <= 10 ? 0 : 1;
    }

    private static async Task<double[]> LoadAsync(AuditWriter writer, TimeSpan duration)
    {
        var count = (int)(duration.TotalSeconds * PerSecond);
        var appends = new Task<double>[count];
        var started = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        for (var sent = 0; sent < count;)
        {
            await timer.WaitForNextTickAsync();
            var due = Math.Min(count, (int)(Stopwatch.GetElapsedTime(started).TotalSeconds * PerSecond));
            // Counted from when it was due, so that a late start does not flatter the figure.
            for (; sent < due; sent++) appends[sent] = AppendAsync(writer, sent, started + (long)(sent * (double)Stopwatch.Frequency / PerSecond));
        }

        return [.. (await Task.WhenAll(appends)).Order()];
    }

    private static async Task<double> AppendAsync(AuditWriter writer, int number, long due)
    {
        await writer.WriteAsync(Samples.Entry(number));
        return Stopwatch.GetElapsedTime(due).TotalMilliseconds;
    }

    private static async Task<IHost> StartSiloAsync(IConnectionMultiplexer redis)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.UseOrleans(silo => silo.UseLocalhostClustering());
        SiloAudit.AddAudit(builder.Services.AddSingleton(redis).AddSingleton(TimeProvider.System).AddPlatformSerialization());
        builder.Services.AddOptions<ArtifactOptions>().Configure(options => options.PlatformKey = "a-platform-key-of-the-benchmarks-0123456789");
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    private static async Task<IHost> StartClientAsync()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.UseOrleansClient(client => client.UseLocalhostClustering());
        builder.Services.AddPlatformSerialization();
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }
}
