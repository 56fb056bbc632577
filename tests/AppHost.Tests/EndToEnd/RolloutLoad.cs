using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;

namespace Platform.AppHost.Tests.EndToEnd;

/// <summary>One answer during a rollout: when, by whom, and whether the caller got what it asked for.</summary>
internal sealed record RolloutAnswer(long Started, long Ended, int Status, string? Version, string? Route);

/// <summary>Callers of one model that go on until they are stopped; with labels sent back if asked for.</summary>
internal sealed class RolloutLoad : IAsyncDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private readonly ConcurrentQueue<RolloutAnswer> answers = new();
    private readonly Task[] callers;

    private RolloutLoad(RunningPlatform platform, string model, int callers, int items, bool labels) => this.callers =
        [.. Enumerable.Range(0, callers).Select(caller => CallAsync(platform, model, caller, items, labels))];

    public IReadOnlyCollection<RolloutAnswer> Answers => answers;

    public static async Task<RolloutLoad> StartAsync(RunningPlatform platform, string model, int callers = 4, int items = 1, bool labels = false)
    {
        var load = new RolloutLoad(platform, model, callers, items, labels);
        await Until.TrueAsync(() => Task.FromResult(load.answers.Count > 100), TimeSpan.FromSeconds(60), "the first answers");
        return load;
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await Task.WhenAll(callers);
        stopping.Dispose();
    }

    private async Task CallAsync(RunningPlatform platform, string model, int caller, int items, bool labels)
    {
        using var client = platform.NewClient(RunningPlatform.AdminKey);
        for (var i = caller; !stopping.IsCancellationRequested; i += 7)
        {
            var first = i % (DigitsData.Count - items);
            var id = Guid.NewGuid().ToString("n");
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/v2/models/{model}/infer") { Content = DigitsData.Request(first, items) };
            request.Headers.Add("X-Request-Id", id);
            var started = Stopwatch.GetTimestamp();
            try
            {
                using var response = await client.SendAsync(request);
                answers.Enqueue(new(
                    started, Stopwatch.GetTimestamp(), (int)response.StatusCode, Header(response, "X-Model-Version"), Header(response, "X-Route")));
                if (labels && response.IsSuccessStatusCode) await SendLabelAsync(client, id, DigitsData.Label(first));
            }
            catch (HttpRequestException e)
            {
                answers.Enqueue(new(started, Stopwatch.GetTimestamp(), 0, e.Message, null));
            }
        }
    }

    private static async Task SendLabelAsync(HttpClient client, string id, int label)
    {
        using var response = await client.PostAsJsonAsync("/v1/feedback", new { items = new[] { new { request_id = id, label } } });
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.Single() : null;

    /// <summary>Begins a rollout.</summary>
    public static Task<JsonElement> BeginAsync(HttpClient api, string model, object body) =>
        api.SendJsonAsync(HttpMethod.Post, $"/v1/models/{model}/rollouts", body);

    /// <summary>Waits until the rollout is in one of the states.</summary>
    public static async Task<JsonElement> UntilAsync(HttpClient api, string model, string id, params string[] states)
    {
        JsonElement rollout = default;
        try
        {
            await Until.TrueAsync(
                async () =>
                {
                    using var response = await api.GetAsync($"/v1/models/{model}/rollouts/{id}");
                    if (!response.IsSuccessStatusCode) return false;
                    rollout = await response.Content.ReadFromJsonAsync<JsonElement>();
                    return states.Contains(rollout.GetProperty("state").GetString());
                },
                TimeSpan.FromSeconds(150), $"the rollout to be {string.Join(" or ", states)}");
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{e.Message} It is: {rollout}", e);
        }

        return rollout;
    }
}
