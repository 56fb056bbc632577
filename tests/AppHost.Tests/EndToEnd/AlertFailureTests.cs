using System.Net.Http.Json;

namespace Platform.AppHost.Tests.EndToEnd;

/// <summary>What channels hear while silos die.</summary>
[Collection(nameof(FailureTests))]
public sealed class AlertFailureTests
{
    private const int Rules = 12;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task Silos_KilledWhileTheyTell_TellEachEventOnce()
    {
        await using var platform = await RunningPlatform.StartAsync("--Silo:Replicas=2", "--Alerts:AllowPrivateTargets=true");
        await using var receiver = await Webhook.StartAsync();
        await platform.Api.SendJsonAsync(HttpMethod.Put, "/v1/channels/ops", new { type = "webhook", url = receiver.Url, group_by = new[] { "alertname" }, group_wait = "1s", group_interval = "1s" });
        string[] names = [.. Enumerable.Range(0, Rules).Select(i => $"rule-{i}")];
        foreach (var name in names) await platform.Api.SendJsonAsync(HttpMethod.Post, "/v1/alert-rules", Rule(name, threshold: 0));

        // One dies when the first was told and most were not.
        await Until.TrueAsync(() => Task.FromResult(!receiver.Received.IsEmpty), Limit, "the first word");
        (await platform.ProcessesAsync("silo"))[0].Kill();
        await Until.TrueAsync(() => Task.FromResult(Told(receiver, "firing").IsSupersetOf(names)), Limit, "word of all");
        await platform.UntilReplicasAsync("silo", 2);
        await platform.UntilHealthyReplicasAsync("silo", 2);

        foreach (var name in names) await platform.Api.SendJsonAsync(HttpMethod.Put, $"/v1/alert-rules/{name}", Rule(name, threshold: 1e9));
        await Until.TrueAsync(() => Task.FromResult(Told(receiver, "resolved").Count > 0), Limit, "the first word of an end");
        (await platform.ProcessesAsync("silo"))[1].Kill();
        await Until.TrueAsync(() => Task.FromResult(Told(receiver, "resolved").IsSupersetOf(names)), Limit, "word of the end of all");

        // Whatever else there were to tell would have been told before one that begins now.
        await Until.TrueAsync(
            async () => (await platform.Api.PostAsJsonAsync("/v1/alert-rules", Rule("last", threshold: 0))).IsSuccessStatusCode
                || (await platform.Api.GetAsync("/v1/alert-rules/last")).IsSuccessStatusCode,
            Limit, "a rule to be taken");
        await Until.TrueAsync(() => Task.FromResult(Told(receiver, "firing").Contains("last")), Limit, "the last word");
        var events = receiver.Received.DistinctBy(one => one.Key).Select(one => (Name(one.Body), Status(one.Body))).ToArray();
        Assert.Equal((2 * Rules) + 1, events.Length);
        Assert.Equal(events.Length, events.Distinct().Count());
    }

    private static object Rule(string name, double threshold) =>
        new { name, model = "m", metric = "requests", op = ">=", threshold, window = "5s", channels = new[] { "ops" } };

    private static HashSet<string> Told(Webhook receiver, string status) =>
        [.. receiver.Received.Where(one => Status(one.Body) == status).Select(one => Name(one.Body))];

    private static string Name(System.Text.Json.JsonElement body) => body.GetProperty("groupLabels").GetProperty("alertname").GetString()!;

    private static string Status(System.Text.Json.JsonElement body) => body.GetProperty("status").GetString()!;
}
