using System.Collections.Concurrent;
using System.Globalization;

namespace Platform.Benchmarks;

/// <summary>Somebody who asks the front door about digits again and again.</summary>
internal static class DigitsCaller
{
    private const int Pixels = 28 * 28;

    /// <param name="seen">Route and end of each answer, and whether it was a success; null where nobody wants to know.</param>
    /// <param name="period">From one request to the next; null asks without a pause.</param>
    /// <returns>How many answers there were.</returns>
    public static async Task<int> CallAsync(
        PlatformProcess platform, string model, int items, ConcurrentQueue<(string? Route, DateTimeOffset At, bool Failed)>? seen, CancellationToken stopping,
        TimeSpan? period = null)
    {
        using var client = platform.NewClient();
        var random = new Random(1);
        var data = string.Join(',', Enumerable.Range(0, items * Pixels).Select(_ => random.NextSingle().ToString("0.00", CultureInfo.InvariantCulture)));
        var body = $$"""{"inputs":[{"name":"image","datatype":"FP32","shape":[{{items}},1,28,28],"data":[{{data}}]}]}""";
        var count = 0;
        using var pace = period is { } each ? new PeriodicTimer(each) : null;
        while (!stopping.IsCancellationRequested)
        {
            using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
            using var response = await client.PostAsync($"/v2/models/{model}/infer", content, CancellationToken.None);
            var route = response.Headers.TryGetValues("X-Route", out var values) ? values.Single() : null;
            seen?.Enqueue((route, TimeProvider.System.GetUtcNow(), !response.IsSuccessStatusCode));
            count++;
            if (pace is not null) await pace.WaitForNextTickAsync(CancellationToken.None);
        }

        return count;
    }
}
