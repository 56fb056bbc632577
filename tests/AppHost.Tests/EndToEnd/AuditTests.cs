using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Platform.AppHost.Tests.EndToEnd;

public sealed class AuditTests(SharedPlatform shared)
{
    private readonly HttpClient api = shared.Platform.Api;
    private readonly string model = $"m-{Guid.NewGuid():n}";

    [Fact]
    public async Task Changes_GrantedAndRefused_AreInTheLogWhenTheyAreAnswered()
    {
        await api.SendJsonAsync(HttpMethod.Post, "/v1/models", new { name = model });
        var created = Assert.Single(await FindAsync($"resource=models/{model}&action=models.create"));
        Assert.Equal(("admin", "answered", 201, "done"), (Text(created, "actor"), Text(created, "phase"), created.GetProperty("status").GetInt32(), Text(created, "reason")));

        using var unknown = await api.PostAsJsonAsync($"/v1/models/{model}/deploy", new { version = "9.9.9" });
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        var deploys = await FindAsync($"resource=models/{model}&action=models.deploy");
        Assert.Equal(["answered", "asked"], deploys.Select(entry => Text(entry, "phase")));
        Assert.Equal((404, "not_found"), (deploys[0].GetProperty("status").GetInt32(), Text(deploys[0], "reason")));
        Assert.Equal(unknown.Headers.GetValues("X-Request-Id").Single(), Text(deploys[0], "request_id"));

        using var nobody = shared.Platform.NewClient(key: null);
        using var refused = await nobody.PostAsJsonAsync($"/v1/models/{model}/deploy", new { version = "9.9.9" });
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        var stranger = Assert.Single(await FindAsync($"resource=models/{model}&actor=anonymous"));
        Assert.Equal((401, "unauthenticated"), (stranger.GetProperty("status").GetInt32(), Text(stranger, "reason")));

        var patched = await api.SendJsonAsync(HttpMethod.Patch, $"/v1/models/{model}", new { description = "Marked-9f3c." });
        var update = (await FindAsync($"resource=models/{model}&action=models.update"))[0];
        Assert.NotEqual(Text(update, "before"), Text(update, "after"));
        Assert.DoesNotContain("Marked-9f3c", await api.GetStringAsync("/v1/audit/export"), StringComparison.Ordinal);

        var verdict = await api.GetFromJsonAsync<JsonElement>("/v1/audit/verify");
        Assert.True(verdict.GetProperty("valid").GetBoolean());
        Assert.Equal(JsonValueKind.Null, verdict.GetProperty("first_bad").ValueKind);
    }

    [Fact]
    public async Task SignInFailures_OnReads_AreCounted()
    {
        using var nobody = shared.Platform.NewClient(key: "a-key-that-nobody-knows-0123456789abcdefghij");
        for (var i = 0; i < 3; i++) (await nobody.GetAsync("/v1/models")).Dispose();
        await Until.TrueAsync(
            async () => (await FindAsync("action=sign_in.failed")).Sum(entry => entry.GetProperty("count").GetInt64()) >= 3,
            TimeSpan.FromSeconds(30), "sign-in failures to be counted");
    }

    [Fact]
    public async Task Proofs_Checkpoint_AndPaging_AreServed()
    {
        for (var i = 0; i < 3; i++) await api.SendJsonAsync(HttpMethod.Post, "/v1/models", new { name = $"{model}-{i}" });
        var checkpoint = await api.GetStringAsync("/v1/audit/checkpoint");
        Assert.StartsWith("platform.audit\n", checkpoint, StringComparison.Ordinal);
        var proof = await api.GetFromJsonAsync<JsonElement>("/v1/audit/proof?entry=0");
        Assert.Equal(64, Text(proof, "leaf_hash")!.Length);
        var consistency = await api.GetFromJsonAsync<JsonElement>("/v1/audit/consistency?from=1");
        Assert.Equal(Text(proof, "leaf_hash"), Text(consistency, "from_root"));
        foreach (var path in (string[])["/v1/audit/proof?entry=99999999", "/v1/audit/proof?entry=-1", "/v1/audit/consistency?from=0", "/v1/audit?page_size=0", "/v1/audit?page_token=x"])
        {
            using var bad = await api.GetAsync(path);
            Assert.InRange((int)bad.StatusCode, 400, 404);
        }

        var first = await api.GetFromJsonAsync<JsonElement>("/v1/audit?page_size=2");
        var second = await api.GetFromJsonAsync<JsonElement>($"/v1/audit?page_size=2&page_token={Text(first, "next_page_token")}");
        Assert.Equal(
            first.GetProperty("items")[1].GetProperty("entry").GetInt64() - 1, second.GetProperty("items")[0].GetProperty("entry").GetInt64());
    }

    [Fact]
    public async Task Lineage_OfAnAnsweredRequest_SaysWhoDecided()
    {
        await DigitsData.DeployAsync(api, model, "2.0.0", "2.0.0");
        var id = $"r-{Guid.NewGuid():n}";
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v2/models/{model}/infer") { Content = DigitsData.Request(0, 1) };
        request.Headers.Add("X-Request-Id", id);
        (await api.SendAsync(request)).EnsureSuccessStatusCode();
        await Until.TrueAsync(
            async () => (await api.GetAsync($"/v1/lineage/{id}")).IsSuccessStatusCode, TimeSpan.FromSeconds(10), "the request to be remembered");

        var lineage = await api.GetFromJsonAsync<JsonElement>($"/v1/lineage/{id}");
        var version = await api.GetFromJsonAsync<JsonElement>($"/v1/models/{model}/versions/2.0.0");
        Assert.Equal(("2.0.0", "stable"), (Text(lineage, "version"), Text(lineage, "route")));
        Assert.Equal(Text(version.GetProperty("artifact"), "sha256"), Text(lineage, "artifact_sha256"));
        var decision = lineage.GetProperty("decision");
        Assert.Equal(("deployment", "admin", "Deployed."), (Text(decision, "kind"), Text(decision, "by"), Text(decision, "reason")));
        Assert.True(lineage.GetProperty("plan_revision").GetInt64() >= decision.GetProperty("plan_revision").GetInt64());
        var entries = lineage.GetProperty("audit_entries").EnumerateArray().Select(entry => $"{Text(entry, "action")} {Text(entry, "phase")}").ToArray();
        Assert.Equal(
            ["models.versions.create answered", "models.versions.artifact.set answered", "models.deploy asked", "models.deploy answered"], entries);
        using var unknown = await api.GetAsync($"/v1/lineage/{id}-2");
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetString() : null;

    private async Task<JsonElement[]> FindAsync(string query) =>
        [.. (await api.GetFromJsonAsync<JsonElement>($"/v1/audit?page_size=500&{query}")).GetProperty("items").EnumerateArray()];
}
