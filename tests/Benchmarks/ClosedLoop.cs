using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Platform.SharedState.Workers;

namespace Platform.Benchmarks;

/// <param name="Throughput">Requests a second.</param>
/// <param name="P50Ms">Median latency.</param>
/// <param name="P99Ms">99th percentile of latency.</param>
/// <param name="MeanBatch">What the answers said of the batches they came from, on average.</param>
/// <param name="LatenciesMs">Of each request, the shortest first.</param>
internal sealed record LoadResult(double Throughput, double P50Ms, double P99Ms, double MeanBatch, double[] LatenciesMs);

/// <summary>So many connections, each of which sends one image as binary, waits for the answer and sends the next.</summary>
internal static class ClosedLoop
{
    private const int Pixels = 28 * 28;
    private static readonly byte[] Body = MakeBody(out HeaderLength);
    private static readonly int HeaderLength;

    /// <param name="rest">How long each connection pauses after an answer.</param>
    public static async Task<LoadResult> RunAsync(HttpClient client, string version, int connections, TimeSpan duration, TimeSpan rest = default)
    {
        var path = new Uri(WorkerProtocol.InferPath("digits", version), UriKind.Relative);
        var started = Stopwatch.GetTimestamp();
        var all = await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(() => LoopAsync(client, path, started, duration, rest))));
        var elapsed = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var latencies = all.SelectMany(one => one).Select(one => one.Ms).Order().ToArray();
        return new LoadResult(
            latencies.Length / elapsed, latencies[latencies.Length / 2], latencies[(int)(latencies.Length * 0.99)],
            all.SelectMany(one => one).Average(one => one.Batch),
            latencies);
    }

    /// <summary>Sends one image, reads all of the answer and gives the size of the batch that it was in.</summary>
    public static async Task<int> SendAsync(HttpClient client, Uri path)
    {
        using var content = new ByteArrayContent(Body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        content.Headers.Add("Inference-Header-Content-Length", HeaderLength.ToString(CultureInfo.InvariantCulture));
        using var response = await client.PostAsync(path, content);
        response.EnsureSuccessStatusCode();
        await response.Content.ReadAsByteArrayAsync();
        return int.Parse(response.Headers.GetValues(WorkerProtocol.BatchSizeHeader).Single(), CultureInfo.InvariantCulture);
    }

    private static async Task<List<(double Ms, int Batch)>> LoopAsync(HttpClient client, Uri path, long started, TimeSpan duration, TimeSpan rest)
    {
        var seen = new List<(double Ms, int Batch)>();
        while (Stopwatch.GetElapsedTime(started) < duration)
        {
            var sent = Stopwatch.GetTimestamp();
            var batch = await SendAsync(client, path);
            seen.Add((Stopwatch.GetElapsedTime(sent).TotalMilliseconds, batch));
            if (rest <= TimeSpan.Zero) continue;
            // Not all at once: half of the rest or one and a half of it.
            using var timer = new PeriodicTimer(rest * (0.5 + Random.Shared.NextDouble()));
            await timer.WaitForNextTickAsync();
        }

        return seen;
    }

    private static byte[] MakeBody(out int headerLength)
    {
        var json = Encoding.UTF8.GetBytes(
            $$"""{"parameters":{"binary_data_output":true},"inputs":[{"name":"image","shape":[1,1,28,28],"datatype":"FP32","parameters":{"binary_data_size":{{Pixels * sizeof(float)}} } }]}""");
        headerLength = json.Length;
        var random = new Random(1);
        return [.. json, .. Enumerable.Range(0, Pixels).SelectMany(_ => BitConverter.GetBytes(random.NextSingle()))];
    }
}
