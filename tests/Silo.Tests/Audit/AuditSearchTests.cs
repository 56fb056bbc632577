using Microsoft.Extensions.Options;
using Platform.Core.Audit;
using Platform.SharedState.Audit;

namespace Platform.Silo.Tests.Audit;

public sealed class AuditSearchTests(AuditLog log) : IClassFixture<AuditLog>
{
    private static readonly AuditFilter OfEve = new("eve", null, null, null, null);

    private AuditSearch Search => new(log.Store, log.Keys, Options.Create(new AuditOptions()));

    [Fact]
    public async Task Search_WhereASummaryLies_ReadsTheChunkItself()
    {
        await log.FillAsync(600, "eve");
        await log.FillAsync(600, "ann");
        var database = log.Redis.Connection.GetDatabase();
        var (_, summary) = (0, (string)(await database.ListGetByIndexAsync("audit:summaries", 0))!);
        Assert.Equal(600, await CountAsync());

        // Somebody who can write to the store would hide eve.
        await database.ListSetByIndexAsync("audit:summaries", 0, summary.Replace("\"eve\"", "\"bob\"", StringComparison.Ordinal));
        Assert.Equal(600, await CountAsync());
        await database.ListSetByIndexAsync("audit:summaries", 0, """{"first_at":"2026-01-01T00:00:00Z","last_at":"2026-01-01T00:00:00Z","actors":["ann"]}""");
        Assert.Equal(600, await CountAsync());
        await log.Store.ForgetSummaryAsync(0);
        Assert.Equal(600, await CountAsync());

        // One that is signed is believed, so that a search for nobody reads nothing.
        await database.ListSetByIndexAsync("audit:summaries", 0, summary);
        await database.KeyDeleteAsync("audit:entries:0");
        Assert.Empty((await Search.FindAsync(OfEve with { Actor = "mallory" }, 10, null, TestContext.Current.CancellationToken)).Items);
    }

    private async Task<int> CountAsync()
    {
        var (found, before) = (0, (long?)null);
        do
        {
            var page = await Search.FindAsync(OfEve, 500, before, TestContext.Current.CancellationToken);
            found += page.Items.Length;
            before = page.Next;
        }
        while (before is not null);
        return found;
    }
}
