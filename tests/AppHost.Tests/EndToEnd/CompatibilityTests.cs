using System.Net.Http.Json;
using System.Text.Json;

namespace Platform.AppHost.Tests.EndToEnd;

/// <summary>For clients that know Triton only.</summary>
[Collection(nameof(FailureTests))]
public sealed class CompatibilityTests
{
    [Fact]
    public async Task Server_WithTritonCompatibility_IsCalledTritonAndCountsVersions()
    {
        await using var platform = await RunningPlatform.StartAsync("--Serving:TritonCompatibility=true");
        var api = platform.Api;
        await DigitsData.DeployAsync(api, "digits", "1.1.0", "1.1.0");
        await DigitsData.DeployAsync(api, "digits", "2.0.0", "2.0.0");

        Assert.Equal("triton", (await GetAsync("/v2")).GetProperty("name").GetString());
        // Both are still deployed, and numbered in the order in which they were.
        await Until.TrueAsync(async () => await VersionsAsync() is ["1", "2"], TimeSpan.FromSeconds(10), "numbers of both versions");
        foreach (var (asked, answering) in (IEnumerable<(string, string)>)[("1", "1.1.0"), ("2", "2.0.0"), ("1.1.0", "1.1.0")])
        {
            using var answer = await api.PostAsync($"/v2/models/digits/versions/{asked}/infer", DigitsData.Request(0, 1));
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
            Assert.Equal(answering, answer.Headers.GetValues("X-Model-Version").Single());
        }

        using var unknown = await api.PostAsync("/v2/models/digits/versions/3/infer", DigitsData.Request(0, 1));
        Assert.Equal(System.Net.HttpStatusCode.NotFound, unknown.StatusCode);

        Task<JsonElement> GetAsync(string path) => api.GetFromJsonAsync<JsonElement>(path);
        async Task<string[]> VersionsAsync() =>
            [.. (await GetAsync("/v2/models/digits")).GetProperty("versions").EnumerateArray().Select(version => version.GetString()!).Order(StringComparer.Ordinal)];
    }
}
