using System.Collections.Concurrent;
using System.Diagnostics;

namespace Platform.AppHost.Tests.EndToEnd;

/// <summary>Who answered a request, and between which of the stopwatch's timestamps.</summary>
internal sealed record LoadAnswer(long Started, long Ended, string Version);

/// <summary>Callers that ask without a pause until they are stopped, and what went wrong for them.</summary>
internal sealed class Load : IAsyncDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private readonly ConcurrentQueue<string> failures = new();
    private readonly ConcurrentDictionary<string, int> answersByWorker = new();
    private readonly ConcurrentQueue<LoadAnswer> answers = new();
    private readonly Task[] callers;
    private int answered;

    private Load(RunningPlatform platform, string model, int count) =>
        callers = [.. Enumerable.Range(0, count).Select(caller => CallAsync(platform, model, caller))];

    public int Answered => Volatile.Read(ref answered);

    public IReadOnlyCollection<string> Failures => failures;

    public IReadOnlyCollection<LoadAnswer> Answers => answers;

    public IReadOnlyDictionary<string, int> AnswersByWorker => answersByWorker;

    public static async Task<Load> StartAsync(RunningPlatform platform, string model, int callers = 4)
    {
        var load = new Load(platform, model, callers);
        await load.UntilAnsweredAsync(100);
        return load;
    }

    /// <summary>Waits for that many more answers.</summary>
    public Task UntilAnsweredAsync(int more)
    {
        var target = Answered + more;
        return Until.TrueAsync(() => Task.FromResult(Answered >= target), TimeSpan.FromSeconds(60), $"{more} more answers");
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await Task.WhenAll(callers);
        stopping.Dispose();
    }

    private async Task CallAsync(RunningPlatform platform, string model, int caller)
    {
        using var client = platform.NewClient(RunningPlatform.AdminKey);
        var body = await DigitsData.Request(caller, 1).ReadAsByteArrayAsync();
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                using var content = new ByteArrayContent(body);
                content.Headers.ContentType = new("application/json");
                var started = Stopwatch.GetTimestamp();
                using var response = await client.PostAsync($"/v2/models/{model}/infer", content);
                if (response.IsSuccessStatusCode) Count(response, started);
                else failures.Enqueue($"{(int)response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
            {
                failures.Enqueue(e.Message);
            }
        }
    }

    private void Count(HttpResponseMessage response, long started)
    {
        answers.Enqueue(new(started, Stopwatch.GetTimestamp(), response.Headers.GetValues("X-Model-Version").Single()));
        Interlocked.Increment(ref answered);
        answersByWorker.AddOrUpdate(response.Headers.GetValues("X-Worker-Id").Single(), 1, (_, count) => count + 1);
    }
}
