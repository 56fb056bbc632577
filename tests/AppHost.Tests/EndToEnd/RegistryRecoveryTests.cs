using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Platform.AppHost.Tests.EndToEnd;

/// <summary>The registry's longer work, when its silo is killed in the middle of it.</summary>
[Collection(nameof(FailureTests))]
public sealed class RegistryRecoveryTests : IAsyncLifetime
{
    private const int Versions = 40;
    private const int Kept = 3;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);
    private RunningPlatform platform = null!;

    private HttpClient Api => platform.Api;

    public async ValueTask InitializeAsync() => platform = await RunningPlatform.StartAsync();

    public ValueTask DisposeAsync() => platform?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task Validation_WhoseSiloDies_EndsWithItsVerdict()
    {
        await DigitsData.RegisterAsync(Api, "validated", "2.0.0", "2.0.0");
        await Api.SendJsonAsync(HttpMethod.Put, "/v1/models/validated/gates", new { gates = new[] { new { metric = "accuracy", op = ">=", value = 0.95 } } });
        using (var form = new MultipartFormDataContent { { await DigitsData.IdxAsync("images"), "images", "images.gz" }, { await DigitsData.IdxAsync("labels"), "labels", "labels.gz" } })
        using (var uploaded = await Api.PutAsync("/v1/models/validated/datasets/mnist", form))
            Assert.True(uploaded.IsSuccessStatusCode, await uploaded.Content.ReadAsStringAsync());
        using var started = await Api.PostAsync("/v1/models/validated/versions/2.0.0/validate", null);
        Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);

        await KillSiloAsync();

        var run = await UntilAsync(started.Headers.Location!.ToString(), run => run.GetProperty("state").GetString() != "running", "the validation to end");
        Assert.Equal("passed", run.GetProperty("state").GetString());
        var history = await Api.SendJsonAsync(HttpMethod.Get, "/v1/models/validated/versions/2.0.0/history", null);
        // Each step once, however often it was tried.
        Assert.Equal(["created", "validating", "validated"], history.GetProperty("items").EnumerateArray().Select(step => step.GetProperty("to").GetString()));
    }

    [Fact]
    public async Task CleanUp_WhoseSiloDies_LeavesEachVersionWholeOrGone_AndGoesOn()
    {
        await Api.SendJsonAsync(HttpMethod.Post, "/v1/models", new { name = "cleaned" });
        for (var version = 0; version < Versions; version++) await Api.SendJsonAsync(HttpMethod.Post, "/v1/models/cleaned/versions", new { version = $"1.{version}.0" });
        await DigitsData.RegisterAsync(Api, "cleaned", "2.0.0", "2.0.0");
        await Api.SendJsonAsync(HttpMethod.Put, "/v1/models/cleaned/retention", new { keep_last = Kept });

        var cleaning = Api.PostAsync("/v1/models/cleaned/cleanup", null);
        await UntilAsync("/v1/models/cleaned/removed", removed => removed.GetProperty("items").GetArrayLength() > 0 || cleaning.IsCompleted, "the first to be removed");
        await KillSiloAsync();
        try
        {
            (await cleaning).Dispose();
        }
        catch (HttpRequestException)
        {
            // Whoever asked was cut off; what counts is what is left.
        }

        var listed = await UntilAsync("/v1/models/cleaned/versions?page_size=100", _ => true, "the list");
        foreach (var version in listed.GetProperty("items").EnumerateArray().Select(version => version.GetProperty("version").GetString()))
            Assert.Equal(HttpStatusCode.OK, await StatusAsync($"versions/{version}"));
        await Api.SendJsonAsync(HttpMethod.Post, "/v1/models/cleaned/cleanup", null);

        var left = await UntilAsync("/v1/models/cleaned/versions?page_size=100", list => list.GetProperty("items").GetArrayLength() == Kept, "the others to be gone");
        Assert.Equal(["1.38.0", "1.39.0", "2.0.0"], left.GetProperty("items").EnumerateArray().Select(version => version.GetProperty("version").GetString()!).Order());
        var removed = await Api.SendJsonAsync(HttpMethod.Get, "/v1/models/cleaned/removed?page_size=100", null);
        Assert.Equal(Versions + 1 - Kept, removed.GetProperty("items").EnumerateArray().Select(version => version.GetProperty("version").GetString()).Distinct().Count());
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync("versions/1.0.0"));
        using var again = await Api.PostAsJsonAsync("/v1/models/cleaned/versions", new { version = "1.0.0" });
        Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("versions/2.0.0/artifact"));
    }

    private async Task<HttpStatusCode> StatusAsync(string path)
    {
        using var response = await Api.GetAsync($"/v1/models/cleaned/{path}", HttpCompletionOption.ResponseHeadersRead);
        return response.StatusCode;
    }

    private async Task KillSiloAsync()
    {
        foreach (var silo in await platform.ProcessesAsync("silo")) silo.Kill();
        await platform.UntilReplicasAsync("silo", 1);
    }

    /// <summary>While there is no silo, an answer is an error, and no news.</summary>
    private async Task<JsonElement> UntilAsync(string path, Func<JsonElement, bool> holds, string what)
    {
        JsonElement seen = default;
        await Until.TrueAsync(
            async () =>
            {
                using var response = await Api.GetAsync(path);
                if (!response.IsSuccessStatusCode) return false;
                seen = await response.Content.ReadFromJsonAsync<JsonElement>();
                return holds(seen);
            },
            Limit, what);
        return seen;
    }
}
