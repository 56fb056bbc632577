using System.Text;
using Microsoft.Extensions.Options;
using Platform.Core.Audit;
using Platform.SharedState.Audit;

namespace Platform.Silo.Tests.Audit;

/// <summary>What is read from Redis: that it is whole, that tampering is found, that proofs hold and searches find.</summary>
public sealed class AuditStoreTests : IAsyncLifetime
{
    private const int Size = 2500;
    private readonly AuditLog log = new();

    public ValueTask InitializeAsync() => log.InitializeAsync();

    public ValueTask DisposeAsync() => log.DisposeAsync();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private AuditSearch Search(int entries = 65_536) => new(log.Store, log.Keys, Options.Create(new AuditOptions { SearchEntries = entries }));

    [Fact]
    public async Task Log_Untouched_IsValidAndGoesOn()
    {
        Assert.Equal(new LogVerdict(true, 0, null, null), await log.Verification.RunAsync(0, Cancellation));
        await log.FillAsync(Size);
        Assert.Equal(new LogVerdict(true, Size, null, null), await log.Verification.RunAsync(Size, Cancellation));
        await log.FillAsync(AuditStore.ChunkEntries * 3 - Size);
        Assert.Equal(new LogVerdict(true, AuditStore.ChunkEntries * 3, null, null), await log.Verification.RunAsync(0, Cancellation));
    }

    [Theory]
    [InlineData("entry", 1030L)]
    [InlineData("leaf", 1030L)]
    [InlineData("removed", 1030L)]
    [InlineData("inserted", 1030L)]
    [InlineData("swapped", 1030L)]
    [InlineData("cut", 2499L)]
    [InlineData("appended", 2500L)]
    [InlineData("appended to a full chunk", 1024L)]
    [InlineData("chunk gone", 1024L)]
    [InlineData("head gone", null)]
    [InlineData("head of before", null)]
    [InlineData("checkpoint gone", null)]
    [InlineData("checkpoint changed", null)]
    public async Task Log_TamperedWithInRedis_IsNotValid(string how, long? firstBad)
    {
        var database = log.Redis.Connection.GetDatabase();
        await log.FillAsync(Size - 100);
        var old = await log.Store.ReadHeadAsync();
        await log.FillAsync(100);
        var entry = (byte[])(await database.ListGetByIndexAsync("audit:entries:1", 6))!;
        switch (how)
        {
            case "entry":
                entry[50] ^= 1;
                await database.ListSetByIndexAsync("audit:entries:1", 6, entry);
                break;
            case "leaf":
                await database.ListSetByIndexAsync("audit:leaves:1", 6, new byte[32]);
                break;
            case "removed":
                await database.ListRemoveAsync("audit:entries:1", entry);
                break;
            case "inserted":
                await database.ListInsertBeforeAsync("audit:entries:1", entry, "{}");
                break;
            case "swapped":
                await database.ListSetByIndexAsync("audit:entries:1", 6, await database.ListGetByIndexAsync("audit:entries:1", 7));
                await database.ListSetByIndexAsync("audit:entries:1", 7, entry);
                break;
            case "cut":
                await database.ListRightPopAsync("audit:entries:2");
                break;
            case "appended":
                await database.ListRightPushAsync("audit:entries:2", entry);
                break;
            case "appended to a full chunk":
                await database.ListRightPushAsync("audit:entries:0", entry);
                break;
            case "chunk gone":
                await database.KeyDeleteAsync("audit:entries:1");
                break;
            case "head gone":
                await database.KeyDeleteAsync("audit:head");
                break;
            case "head of before":
                await database.StringSetAsync("audit:head", old);
                break;
            case "checkpoint gone":
                await database.ListRemoveAsync("audit:checkpoints", await database.ListGetByIndexAsync("audit:checkpoints", 2));
                break;
            case "checkpoint changed":
                var note = (string)(await database.ListGetByIndexAsync("audit:checkpoints", 2))!;
                await database.ListSetByIndexAsync("audit:checkpoints", 2, note.Replace("platform.audit\n", "platform.audit2\n", StringComparison.Ordinal));
                break;
        }

        var verdict = await log.Verification.RunAsync(0, Cancellation);
        Assert.False(verdict.Valid);
        if (firstBad is not null) Assert.Equal(firstBad, verdict.FirstBad);
        Assert.NotNull(verdict.FirstBad);
    }

    [Fact]
    public async Task Log_ShorterThanItWasKnownToBe_IsNotValid()
    {
        await log.FillAsync(50);
        var verdict = await log.Verification.RunAsync(known: 51, Cancellation);
        Assert.Equal((false, 50L), (verdict.Valid, verdict.FirstBad));
    }

    [Fact]
    public async Task Proofs_FromWhatRedisHas_Hold()
    {
        await log.FillAsync(Size);
        var proofs = new AuditProofs(log.Store);
        var root = log.Keys.Open((await log.Store.ReadHeadAsync())!)!.Root;
        Assert.Equal(root, await proofs.RootAsync(Size));
        foreach (var index in (int[])[0, 1, 1023, 1024, 2047, 2048, 2400, Size - 1])
        {
            var leaf = MerkleHash.Leaf((await log.Store.ReadEntriesAsync(index / AuditStore.ChunkEntries))[index % AuditStore.ChunkEntries]);
            Assert.True(MerkleProofs.VerifyInclusion(leaf, index, Size, (await proofs.InclusionAsync(index, Size)).AsSpan(), root), $"{index}");
            var from = index + 1;
            Assert.True(
                MerkleProofs.VerifyConsistency(from, Size, await proofs.RootAsync(from), root, (await proofs.ConsistencyAsync(from, Size)).AsSpan()), $"{from}");
        }
    }

    [Fact]
    public async Task Search_PageByPage_FindsEachThatMatchesNewestFirst()
    {
        await log.FillAsync(1500);
        await log.FillAsync(3, "bob");
        await log.FillAsync(1000);
        var search = Search();
        Assert.Equal([1502L, 1501, 1500], (await search.FindAsync(new("bob", null, null, null, null), 50, null, Cancellation)).Items.Select(item => item.Index));

        var filter = new AuditFilter("ann", "models.*", "models/m-0", null, null);
        var found = new List<FoundEntry>();
        for (long? before = null; ;)
        {
            var page = await search.FindAsync(filter, 200, before, Cancellation);
            found.AddRange(page.Items);
            if ((before = page.Next) is null) break;
        }

        Assert.Equal(Enumerable.Range(0, 750).Select(i => 1498L - (2 * i)), found.Select(item => item.Index));
        var times = new AuditFilter(null, null, null, AuditLog.Start.AddSeconds(1500), AuditLog.Start.AddSeconds(1503));
        Assert.Equal(3, (await search.FindAsync(times, 50, null, Cancellation)).Items.Length);
    }

    [Fact]
    public async Task Search_ThatReadAsMuchAsItMay_SaysWhereToGoOn()
    {
        await log.FillAsync(2 * AuditStore.ChunkEntries);
        await log.FillAsync(1, "bob");
        // Chunks are summed up by model, so those of this one are read and have nothing of what is asked for.
        var filter = new AuditFilter("ann", "models.deploy", "models/m-0/none", null, null);
        var search = Search(AuditStore.ChunkEntries);
        var (before, pages) = ((long?)null, 0);
        do
        {
            var page = await search.FindAsync(filter, 50, before, Cancellation);
            Assert.Empty(page.Items);
            (before, pages) = (page.Next, pages + 1);
        }
        while (before is not null);
        Assert.InRange(pages, 2, 3);
    }

    [Fact]
    public async Task Export_OfTheLog_VerifiesWithThePublicKeyAlone()
    {
        await log.FillAsync(Size);
        var lines = new List<byte[]>();
        await foreach (var line in new AuditExport(log.Store, log.Keys).LinesAsync(Cancellation)) lines.Add(line.ToArray());
        using var key = CheckpointKey.FromPem(log.Keys.Trusted[0].PublicPem);
        Assert.Equal(new LogVerdict(true, Size, null, null), ExportedLog.Verify(() => lines, [key]));

        var witness = lines.Select(line => ExportedLog.NoteOf(line)).OfType<string>().Select(note => SignedCheckpoint.Open(note, [key])!).ElementAt(3);
        Assert.True(ExportedLog.Verify(() => lines, [key], witness).Valid);
        Assert.False(ExportedLog.Verify(() => lines, [key], witness with { Root = MerkleHash.Empty }).Valid);
        // Cut together with the checkpoints that knew better, it looks like an older log; only a witness tells.
        var cut = lines.TakeWhile(line => ExportedLog.NoteOf(line) is not { } note || SignedCheckpoint.Open(note, [key])!.Size < 600).ToList();
        cut = cut[..(cut.FindLastIndex(line => ExportedLog.NoteOf(line) is not null) + 1)];
        Assert.True(ExportedLog.Verify(() => cut, [key]).Valid);
        Assert.False(ExportedLog.Verify(() => cut, [key], witness).Valid);

        lines[5] = Encoding.UTF8.GetBytes("{\"checkpoint\":7}");
        Assert.False(ExportedLog.Verify(() => lines, [key]).Valid);
    }
}
