using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Platform.AppHost.Tests.EndToEnd;

/// <summary>AppHost as a process, killed with everything it started, and started again on the same data.</summary>
[Collection(nameof(FailureTests))]
public sealed class RecoveryTests : IAsyncDisposable
{
    private const int Rounds = 10;
    private const int Callers = 200;
    private readonly string data = Directory.CreateTempSubdirectory("platform-kill-").FullName;
    private readonly ConcurrentDictionary<string, bool> acknowledged = new();
    private AppHostProcess? appHost;

    public async ValueTask DisposeAsync()
    {
        if (appHost is not null) await appHost.KillAsync();
        Directory.Delete(data, recursive: true);
    }

    [Fact]
    public async Task Everything_KilledTenTimesDuringRegistrations_LosesNothingAcknowledged()
    {
        appHost = await AppHostProcess.StartAsync(data);
        await DigitsData.DeployAsync(appHost.Api, "digits", "2.0.0", "2.0.0");
        var expected = await DigitsData.InferAsync(appHost.Api, "digits", 0, 1);

        for (var round = 0; round < Rounds; round++)
        {
            await RegisterUntilKilledAsync(round);
            appHost = await AppHostProcess.StartAsync(data);
            await AssertAllIsThereAsync(expected);
        }

        Assert.True(acknowledged.Count > 10 * Rounds, $"Only {acknowledged.Count} registrations were acknowledged at all.");
    }

    private async Task RegisterUntilKilledAsync(int round)
    {
        var enough = new TaskCompletionSource();
        var count = 0;
        var registering = Task.WhenAll(Enumerable.Range(0, Callers).Select(async caller =>
        {
            for (var i = 0; ; i++)
            {
                var name = $"m-{round}-{caller}-{i}";
                try
                {
                    using var created = await appHost!.Api.PostAsJsonAsync("/v1/models", new { name, labels = new { round = $"{round}" } });
                    if (created.StatusCode == HttpStatusCode.Created) acknowledged[name] = true;
                    using var registered = await appHost.Api.PostAsJsonAsync($"/v1/models/{name}/versions", new { version = "1.0.0" });
                    if (registered.StatusCode == HttpStatusCode.Created) acknowledged[$"{name}/versions/1.0.0"] = true;
                }
                catch (HttpRequestException)
                {
                    // The kill.
                    return;
                }

                if (Interlocked.Increment(ref count) == 25 + (7 * round)) enough.SetResult();
            }
        }));
        // Should a caller fail of another cause than the kill, there may never be enough.
        await await Task.WhenAny(enough.Task, registering);
        await appHost!.KillAsync();
        await registering;
    }

    private async Task AssertAllIsThereAsync(float[] expected)
    {
        await Until.TrueAsync(
            async () => (await appHost!.Api.GetAsync("/v2/models/digits/ready")).IsSuccessStatusCode, TimeSpan.FromSeconds(30), "the model to be ready");
        Assert.Equal(expected, await DigitsData.InferAsync(appHost!.Api, "digits", 0, 1));
        await Parallel.ForEachAsync(acknowledged.Keys, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (path, cancellation) =>
        {
            using var found = await appHost.Api.GetAsync($"/v1/models/{path}", cancellation);
            Assert.True(found.IsSuccessStatusCode, $"{path} was acknowledged and is gone: {found.StatusCode}");
        });

        await AssertAuditedAsync();
        // What was not acknowledged is absent or whole: whatever is listed can be read.
        string? token = null;
        do
        {
            var page = await appHost.Api.GetFromJsonAsync<JsonElement>($"/v1/models?page_size=500{(token is null ? "" : $"&page_token={token}")}");
            foreach (var listed in page.GetProperty("items").EnumerateArray())
                Assert.True((await appHost.Api.GetAsync($"/v1/models/{listed.GetProperty("name").GetString()}")).IsSuccessStatusCode);
            token = page.GetProperty("next_page_token").GetString();
        }
        while (token is not null);
    }

    /// <summary>Every acknowledged change has its entry, and the log is whole.</summary>
    private async Task AssertAuditedAsync()
    {
        var verdict = await appHost!.Api.GetFromJsonAsync<JsonElement>("/v1/audit/verify");
        Assert.True(verdict.GetProperty("valid").GetBoolean(), verdict.ToString());
        var entries = (await appHost.Api.GetStringAsync("/v1/audit/export")).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonSerializer.Deserialize<JsonElement>(line)).Where(line => line.TryGetProperty("status", out var status) && status.GetInt32() == 201)
            .Select(line => line.GetProperty("resource").GetString()).ToHashSet();
        Assert.All(acknowledged.Keys, path => Assert.Contains($"models/{path}", entries));
    }
}
