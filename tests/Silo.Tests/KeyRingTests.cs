using Platform.Contracts;
using Platform.Contracts.Access;
using Platform.Core.Access;
using Platform.Core.Results;

namespace Platform.Silo.Tests;

[Collection(nameof(FlakyStorage))] // They tell the one storage what to fail.
public sealed class KeyRingTests(Cluster cluster)
{
    private IKeyRingGrain Ring => cluster.Keys;

    [Fact]
    public async Task Key_ThatWasCreated_IsListedAndPublishedWithoutItsSecret()
    {
        var key = await CreateAsync("ann's key");

        Assert.True((await Ring.GetAsync(key.Id)).Succeeded(out var found, out _));
        Assert.Equal((key.Name, key.Secrets[0], "ann"), (found.Name, found.Secrets[0], found.CreatedBy));
        Assert.Contains(key.Secrets[0].Sha256, await PublishedAsync(key.Id), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Key_ThatIsNotValid_IsNotKept()
    {
        var outcome = await Ring.CreateAsync(new("x", ["root"], [], null), NewDigest(), "ann");

        Assert.Equal("roles", outcome.Refusal!.Field);
    }

    [Fact]
    public async Task Keys_ArePagedInTheOrderOfTheirCreation()
    {
        var created = new List<string>();
        for (var i = 0; i < 5; i++) created.Add((await CreateAsync($"paged {i}")).Id);

        var listed = new List<string>();
        string? token = null;
        do
        {
            var page = await Ring.ListAsync(null, 2, token);
            Assert.True(page.Items.Length <= 2);
            listed.AddRange(page.Items.Select(key => key.Id));
            token = page.NextPageToken;
        }
        while (token is not null);

        Assert.Equal(created.Order(StringComparer.Ordinal), listed.Where(created.Contains));
    }

    [Fact]
    public async Task Revocation_IsPublishedBeforeItIsAnswered()
    {
        var key = await CreateAsync("leaked");

        Assert.Null((await Ring.RevokeAsync(key.Id, null, "bob")).Refusal);

        Assert.Contains("revoked_at", await PublishedAsync(key.Id), StringComparison.Ordinal);
        Assert.DoesNotContain((await Ring.ListAsync(KeyState.Active, 500, null)).Items, active => active.Id == key.Id);
        Assert.Contains((await Ring.ListAsync(KeyState.Revoked, 500, null)).Items, revoked => revoked.Id == key.Id);
    }

    [Fact]
    public async Task Change_OfAKeyThatIsNotThereOrOfAnotherRevision_IsRefused()
    {
        var key = await CreateAsync("etag");

        Assert.Equal(RefusalReason.NotFound, (await Ring.RevokeAsync("nobody", null, "ann")).Refusal!.Reason);
        Assert.Equal(RefusalReason.PreconditionFailed, (await Ring.RevokeAsync(key.Id, 7, "ann")).Refusal!.Reason);
        Assert.Equal(RefusalReason.PreconditionFailed, (await Ring.RotateAsync(key.Id, NewDigest(), TimeSpan.Zero, 7)).Refusal!.Reason);
        Assert.Null((await Ring.RevokeAsync(key.Id, key.Revision, "ann")).Refusal);
    }

    [Fact]
    public async Task Revocation_ThatCouldNotBeWritten_IsNotBelieved()
    {
        var key = await CreateAsync("unwritten");
        cluster.Storage.Fail(IKeyRingGrain.Key);
        try
        {
            await Assert.ThrowsAsync<ControlPlaneUnavailableException>(() => Ring.RevokeAsync(key.Id, null, "ann"));
        }
        finally
        {
            cluster.Storage.Mend(IKeyRingGrain.Key);
        }

        Assert.Equal(KeyState.Active, (await Ring.GetAsync(key.Id)).Value!.StateAt(TimeProvider.System.GetUtcNow()));
    }

    [Fact]
    public async Task PublishedKeys_ThatWereLost_ArePublishedAgain()
    {
        var key = await CreateAsync("lost");
        await cluster.Redis.GetDatabase().KeyDeleteAsync("keys");

        await Ring.ReconcileAsync();

        Assert.Contains(key.Secrets[0].Sha256, await PublishedAsync(key.Id), StringComparison.Ordinal);
    }

    private async Task<ApiKey> CreateAsync(string name)
    {
        var outcome = await Ring.CreateAsync(new(name, ["inference"], ["digits"], null), NewDigest(), "ann");
        Assert.True(outcome.Succeeded(out var key, out _));
        return key;
    }

    private async Task<string> PublishedAsync(string id) => (string?)await cluster.Redis.GetDatabase().HashGetAsync("keys", id) ?? "";

    private static KeyDigest NewDigest() => new(KeySecret.Digest($"{Guid.NewGuid()}"), "plt_test", TimeProvider.System.GetUtcNow());
}
