using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Platform.Benchmarks;

/// <summary>
/// From the verdict that a canary is worse to the last answer that came from it: rollouts of the faulty sample one after
/// the other on some models at once, each under traffic, each rolled back by its errors.
/// </summary>
internal static class RollbackBenchmark
{
    private const int Models = 4;
    private const int Callers = 2;
    private const int Items = 4;
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    public static async Task<int> RunAsync(int rollbacks)
    {
        await using var platform = await PlatformProcess.StartAsync();
        var watch = Stopwatch.StartNew();
        var left = rollbacks;
        var all = await Task.WhenAll(Enumerable.Range(0, Models).Select(model => RunAsync(platform, $"digits-{model}", () => Interlocked.Decrement(ref left) >= 0)));
        var ms = all.SelectMany(one => one.Ms).Order().ToArray();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{ms.Length} rollbacks on {Models} models in {watch.Elapsed.TotalSeconds:0} s. From the verdict to the canary's last answer: median {At(ms, 0.5):0} ms, p95 {At(ms, 0.95):0} ms, p99 {At(ms, 0.99):0} ms, longest {ms[^1]:0} ms; target 1000 ms at p99."));
        Console.WriteLine($"{all.Sum(one => one.Asked)} requests, {Models * Callers / Period.TotalSeconds:0} of {Items} items a second at most; {all.Sum(one => one.FailedElsewhere)} failed that were not the faulty version's.");
        return 0;
    }

    private static async Task<(List<double> Ms, int Asked, int FailedElsewhere)> RunAsync(PlatformProcess platform, string model, Func<bool> another)
    {
        await platform.SendAsync(HttpMethod.Post, "/v1/models", new { name = model });
        await platform.RegisterAsync(model, "2.0.0", "2.0.0");
        await platform.RegisterAsync(model, "2.3.0", "2.3.0-faulty");
        await platform.SendAsync(HttpMethod.Post, $"/v1/models/{model}/deploy", new { version = "2.0.0" });
        var answers = new ConcurrentQueue<(string? Route, DateTimeOffset At, bool Failed)>();
        using var stopping = new CancellationTokenSource();
        var callers = Enumerable.Range(0, Callers).Select(_ => DigitsCaller.CallAsync(platform, model, Items, answers, stopping.Token, Period)).ToArray();
        var (ms, failedElsewhere) = (new List<double>(), 0);
        while (another())
        {
            answers.Clear();
            ms.Add(await RollBackAsync(platform, model, answers));
            failedElsewhere += answers.Count(answer => answer is { Failed: true, Route: not "canary" });
        }

        await stopping.CancelAsync();
        return (ms, (await Task.WhenAll(callers)).Sum(), failedElsewhere);
    }

    private static async Task<double> RollBackAsync(PlatformProcess platform, string model, ConcurrentQueue<(string? Route, DateTimeOffset At, bool Failed)> answers)
    {
        var begun = await platform.SendAsync(HttpMethod.Post, $"/v1/models/{model}/rollouts", new
        {
            to = "2.3.0",
            steps = new[] { new { weight = 30, hold = "10m" } },
            analysis = new { metrics = new[] { new { name = "error_rate", max_ratio_to_stable = 1 } } },
        });
        var id = begun.GetProperty("id").GetString();
        using var limit = new CancellationTokenSource(Limit);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        JsonElement rollout;
        do
        {
            await timer.WaitForNextTickAsync(limit.Token);
            rollout = await platform.SendAsync(HttpMethod.Get, $"/v1/models/{model}/rollouts/{id}");
        }
        while (rollout.GetProperty("state").GetString() is not "rolled_back");

        if (rollout.GetProperty("reason").GetString() != "canary_worse") throw new InvalidOperationException($"Not rolled back by a verdict: {rollout}");
        var verdict = rollout.GetProperty("timeline").EnumerateArray().First(change => change.GetProperty("state").GetString() == "aborting").GetProperty("at").GetDateTimeOffset();
        return Math.Max(0, (answers.Where(answer => answer.Route == "canary").Max(answer => answer.At) - verdict).TotalMilliseconds);
    }

    private static double At(double[] sorted, double share) => sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * share))];
}
