using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using Platform.Api.Audit;
using Platform.Core.Audit;

namespace Platform.Api.Tests.Audit;

public sealed class AuditTrailTests
{
    [Fact]
    public async Task Change_ThatSucceeds_HasAnEntryBeforeItAndOneAfter()
    {
        await using var host = await TrailHost.StartAsync();
        using var answer = await host.SendAsync(HttpMethod.Post, "/v1/things", JsonContent.Create(new { name = "t-1" }));
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var entries = host.Log.Entries.ToArray();
        Assert.Equal([AuditPhase.Asked, AuditPhase.Answered], entries.Select(entry => entry.Phase));
        Assert.All(entries, entry => Assert.Equal(("ann", "key-of-ann", "things.create"), (entry.Actor, entry.KeyId, entry.Action)));
        Assert.Equal(("things", "things/t-1"), (entries[0].Resource, entries[1].Resource));
        Assert.Equal((201, "done"), (entries[1].Status, entries[1].Reason));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData("""{"name":"t-1"}"""u8)), entries[1].BodySha256);
        Assert.Equal("127.0.0.1", entries[1].Address);
        Assert.Equal(entries[0].RequestId, entries[1].RequestId);
        // What was sent stays out of it.
        Assert.DoesNotContain("\"name\"", string.Concat(entries.Select(entry => Encoding.UTF8.GetString(AuditEncoding.Encode(entry)))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Change_WhileTheLogTakesItsTime_IsNotAnswered()
    {
        await using var host = await TrailHost.StartAsync(options => options.WriteLimit = TimeSpan.FromSeconds(30));
        var gate = new TaskCompletionSource();
        host.Log.Gate = gate.Task;
        var asking = host.SendAsync(HttpMethod.Post, "/v1/things", JsonContent.Create(new { name = "t-1" }));
        await UntilAsync(() => host.Log.Calls == 1);
        Assert.Equal(0, host.Handled);
        var second = new TaskCompletionSource();
        host.Log.Gate = second.Task;
        gate.SetResult();
        await UntilAsync(() => host.Log.Calls == 2);
        Assert.Equal(1, host.Handled);
        Assert.False(asking.IsCompleted);
        second.SetResult();
        using var answer = await asking;
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
    }

    [Theory]
    [InlineData("POST", "/v1/things", "bob", 403, "things.create", "forbidden")]
    [InlineData("POST", "/v1/things", null, 401, "things.create", "unauthenticated")]
    [InlineData("DELETE", "/v1/things/t-1", "ann", 405, "unknown", "no_such_method")]
    [InlineData("POST", "/v1/nothing", "ann", 404, "unknown", "not_found")]
    public async Task Change_RefusedOnTheWayIn_HasOneEntryThatSaysSo(string method, string path, string? caller, int status, string action, string reason)
    {
        await using var host = await TrailHost.StartAsync();
        using var answer = await host.SendAsync(HttpMethod.Parse(method), path, JsonContent.Create(new { name = "t-1" }), caller);
        Assert.Equal(status, (int)answer.StatusCode);
        var entry = Assert.Single(host.Log.Entries);
        Assert.Equal((AuditPhase.Answered, caller ?? "anonymous", action, status, reason), (entry.Phase, entry.Actor, entry.Action, entry.Status, entry.Reason));
        Assert.Equal(0, host.Handled);
    }

    [Theory]
    [InlineData("/v1/things", "{}", 400, "invalid")]
    [InlineData("/v1/things/t-1/break", "{}", 500, "failed")]
    public async Task Change_ThatFails_IsRecordedWithWhatCameOfIt(string path, string body, int status, string reason)
    {
        await using var host = await TrailHost.StartAsync();
        using var answer = await host.SendAsync(HttpMethod.Post, path, new StringContent(body, Encoding.UTF8, "text/plain"));
        // A wrong content type is refused by the framework, with 415 where a body is bound.
        var answered = host.Log.Entries.Last();
        Assert.Equal((int)answer.StatusCode, answered.Status);
        Assert.Equal(AuditPhase.Answered, answered.Phase);
        Assert.Equal(path.EndsWith("break", StringComparison.Ordinal) ? status : 415, answered.Status);
        Assert.Equal(path.EndsWith("break", StringComparison.Ordinal) ? reason : "wrong_content_type", answered.Reason);
        Assert.Equal(path.EndsWith("break", StringComparison.Ordinal) ? "things.break" : "things.create", answered.Action);
    }

    [Fact]
    public async Task Change_ThatCannotBeRecordedBefore_IsNotTried()
    {
        await using var host = await TrailHost.StartAsync();
        host.Log.Fails = entry => entry.Phase is AuditPhase.Asked;
        using var answer = await host.SendAsync(HttpMethod.Post, "/v1/things", JsonContent.Create(new { name = "t-1" }));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal(0, host.Handled);
    }

    [Fact]
    public async Task Change_WhoseEndCannotBeRecorded_IsNotConfirmed()
    {
        await using var host = await TrailHost.StartAsync();
        host.Log.Fails = entry => entry.Phase is AuditPhase.Answered;
        using var answer = await host.SendAsync(HttpMethod.Post, "/v1/things", JsonContent.Create(new { name = "t-1" }));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Null(answer.Headers.Location);
        Assert.Equal(1, host.Handled);
        Assert.Equal(AuditPhase.Asked, Assert.Single(host.Log.Entries).Phase);
    }

    [Fact]
    public async Task Append_ThatFailsAtFirst_IsRepeatedAndThereOnce()
    {
        await using var host = await TrailHost.StartAsync(options => options.WriteLimit = TimeSpan.FromSeconds(30));
        var failures = 0;
        host.Log.Fails = _ => failures++ < 2;
        using var answer = await host.SendAsync(HttpMethod.Post, "/v1/things", JsonContent.Create(new { name = "t-1" }));
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal([AuditPhase.Asked, AuditPhase.Answered], host.Log.Entries.Select(entry => entry.Phase));
    }

    [Fact]
    public async Task Upload_OfAnyLength_IsDigestedAsItPasses()
    {
        await using var host = await TrailHost.StartAsync();
        var bytes = RandomNumberGenerator.GetBytes(5_000_000);
        using var answer = await host.SendAsync(HttpMethod.Put, "/v1/things/t-1/file", new ByteArrayContent(bytes));
        var entry = host.Log.Entries.Last();
        Assert.Equal(("things.file.set", "things/t-1/file"), (entry.Action, entry.Resource));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), entry.BodySha256);
    }

    [Fact]
    public async Task Answer_LongerThanIsHeld_ComesWholeAfterItsEntry()
    {
        await using var host = await TrailHost.StartAsync(options => options.HeldBytes = 1000);
        using var answer = await host.SendAsync(HttpMethod.Post, "/v1/things/t-1/recite?length=300000");
        Assert.Equal(300_000, (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Length);
        Assert.Equal(200, host.Log.Entries.Last().Status);

        host.Log.Fails = entry => entry.Phase is AuditPhase.Answered;
        using var refused = await host.SendAsync(HttpMethod.Post, "/v1/things/t-1/recite?length=300000");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
    }

    [Fact]
    public async Task Read_IsNotRecorded()
    {
        await using var host = await TrailHost.StartAsync();
        using var answer = await host.SendAsync(HttpMethod.Get, "/v1/things/t-1");
        Assert.Empty(host.Log.Entries);
    }

    [Fact]
    public async Task Route_ThatChangesNothing_IsRecordedOnlyWhenSomebodyIsKeptOut()
    {
        await using var host = await TrailHost.StartAsync();
        using var answer = await host.SendAsync(HttpMethod.Post, "/v1/things/t-1/ask");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Empty(host.Log.Entries);
        using var refused = await host.SendAsync(HttpMethod.Post, "/v1/things/t-1/ask", caller: "bob");
        Assert.Equal(("bob", 403), (Assert.Single(host.Log.Entries).Actor, host.Log.Entries.Single().Status));
    }

    [Fact]
    public async Task Strangers_BeyondTheirShare_AreCountedTogether()
    {
        await using var host = await TrailHost.StartAsync(options => options.StrangersPerMinute = 2);
        for (var i = 0; i < 20; i++) (await host.SendAsync(HttpMethod.Post, "/v1/things", JsonContent.Create(new { name = "t" }), caller: null)).Dispose();
        for (var i = 0; i < 5; i++) (await host.SendAsync(HttpMethod.Get, "/v1/things/t-1", caller: null)).Dispose();
        // A minute's share may grow by one while they come.
        Assert.InRange(host.Log.Entries.Count, 2, 3);
        await host.Counts.FlushAsync();
        var counted = Assert.Single(host.Log.Entries, entry => entry.Phase is AuditPhase.Counted);
        Assert.Equal((Counts.SignInFailed, 25L, "127.0.0.1"), (counted.Action, counted.Count, counted.Address));
        await host.Counts.FlushAsync();
        Assert.Single(host.Log.Entries, entry => entry.Phase is AuditPhase.Counted);
    }

    [Fact]
    public async Task Counts_OfMoreAddressesThanAreKept_GoTogether()
    {
        await using var host = await TrailHost.StartAsync(options => options.CountedAddresses = 3);
        for (var i = 0; i < 100; i++) host.Counts.Add(Counts.SignInFailed, $"203.0.113.{i}");
        host.Log.Fails = _ => true;
        await host.Counts.FlushAsync();
        Assert.Empty(host.Log.Entries);
        // What could not be written is not forgotten.
        host.Log.Fails = _ => false;
        await host.Counts.FlushAsync();
        Assert.Equal(4, host.Log.Entries.Count);
        Assert.Equal(100, host.Log.Entries.Sum(entry => entry.Count));
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!condition()) await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
    }
}
