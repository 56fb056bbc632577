using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Platform.Benchmarks;

/// <summary>How long a page of each list takes with 1,000 models of ten versions, over HTTP, while a model is asked at a steady rate.</summary>
internal static class RegistryBenchmark
{
    private const int Models = 1_000;
    private const int VersionsEach = 10;
    private const int Pages = 200;
    private const int Callers = 4;
    private const int RequestsPerSecond = 100;

    private static readonly string[] Lists =
    [
        "/v1/models", "/v1/models?query=model-07", "/v1/models?label=team:7&page_size=500",
        "/v1/models/model-0500/versions", "/v1/models/model-0500/versions?version=^1.2&order_by=version%20desc",
        "/v1/versions", "/v1/versions?metric.accuracy>=0.97&order_by=metric.accuracy%20desc",
        "/v1/versions?metric.accuracy>=0.9&metric.loss<=0.5&order_by=created%20desc&page_size=500",
        "/v1/versions?stage=created&label=family:3&order_by=version", "/v1/versions?query=nightly&owner=owner-3",
    ];

    public static async Task<int> RunAsync()
    {
        await using var platform = await PlatformProcess.StartAsync();
        var watch = Stopwatch.StartNew();
        await Parallel.ForEachAsync(Enumerable.Range(0, Models), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (model, _) => await RegisterAsync(platform, model));
        Console.WriteLine($"{Models} models with {Models * VersionsEach} versions registered in {watch.Elapsed.TotalSeconds:0} s.");
        await platform.SendAsync(HttpMethod.Post, "/v1/models", new { name = "digits" });
        await platform.RegisterAsync("digits", "2.0.0", "2.0.0");
        await platform.SendAsync(HttpMethod.Post, "/v1/models/digits/deploy", new { version = "2.0.0" });

        using var stopping = new CancellationTokenSource();
        var callers = Enumerable.Range(0, Callers).Select(_ => DigitsCaller.CallAsync(platform, "digits", items: 1, seen: null, stopping.Token, TimeSpan.FromSeconds((double)Callers / RequestsPerSecond))).ToArray();
        Console.WriteLine($"| list | first page p50, ms | p95 | later pages p95 |\n|---|---|---|---|");
        var worst = 0.0;
        foreach (var list in Lists)
        {
            var first = await MeasureAsync(platform, list, follow: false);
            var later = await MeasureAsync(platform, list, follow: true);
            worst = Math.Max(worst, Math.Max(P(first, 0.95), P(later, 0.95)));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {list} | {P(first, 0.5):0.0} | {P(first, 0.95):0.0} | {P(later, 0.95):0.0} |"));
        }

        await stopping.CancelAsync();
        var asked = (await Task.WhenAll(callers)).Sum();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Worst p95 {worst:0.0} ms; target 50 ms on 2 cores. {asked} inference requests were answered meanwhile, {RequestsPerSecond} a second if the machine kept up."));
        return 0;
    }

    private static async Task RegisterAsync(PlatformProcess platform, int model)
    {
        var name = $"model-{model:0000}";
        await platform.SendAsync(HttpMethod.Post, "/v1/models", new { name, owner = $"owner-{model % 20}", description = "A model of the benchmark", labels = new { team = $"{model % 50}" } });
        for (var version = 0; version < VersionsEach; version++)
        {
            await platform.SendAsync(HttpMethod.Post, $"/v1/models/{name}/versions", new
            {
                version = $"1.{version}.0",
                description = version % 3 == 0 ? "nightly" : "by hand",
                metrics = new { accuracy = 0.9 + (model * VersionsEach + version) % 1_000 / 10_000.0, loss = 0.1 * version },
                labels = new { family = $"{version}" },
            });
        }
    }

    private static async Task<double[]> MeasureAsync(PlatformProcess platform, string list, bool follow)
    {
        var seen = new List<double>();
        string? token = null;
        for (var page = 0; page < Pages; page++)
        {
            var path = token is null ? list : $"{list}{(list.Contains('?', StringComparison.Ordinal) ? '&' : '?')}page_token={Uri.EscapeDataString(token)}";
            var started = Stopwatch.GetTimestamp();
            var answer = await platform.SendAsync(HttpMethod.Get, path);
            seen.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            token = follow && answer.TryGetProperty("next_page_token", out var next) && next.ValueKind is JsonValueKind.String ? next.GetString() : null;
        }

        return [.. seen.Order()];
    }

    private static double P(double[] sorted, double share) => sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * share))];
}
