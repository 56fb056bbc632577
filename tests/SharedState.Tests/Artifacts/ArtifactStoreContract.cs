using System.Security.Cryptography;
using CsCheck;
using Platform.Core.Models;
using Platform.SharedState.Artifacts;

namespace Platform.SharedState.Tests.Artifacts;

public sealed class FolderArtifactStoreTests() : ArtifactStoreContract(() => Task.FromResult<StoreUnderTest>(new FolderUnderTest()));

public sealed class S3ArtifactStoreTests() : ArtifactStoreContract(async () => await S3UnderTest.StartAsync());

/// <summary>What holds whatever keeps the artifacts.</summary>
public abstract class ArtifactStoreContract(Func<Task<StoreUnderTest>> start) : IAsyncLifetime
{
    private StoreUnderTest under = null!;
    private ArtifactStore store = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        under = await start();
        store = new ArtifactStore(under.Options());
    }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        store.Dispose();
        return under.DisposeAsync();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(65_537)]
    [InlineData(300_000)]
    [InlineData(20_000_000)]
    public async Task Artifact_IsReadBackAsItWasStored(int size)
    {
        var content = RandomNumberGenerator.GetBytes(size);

        var artifact = await store.StoreAsync(content);
        using var copy = new MemoryStream();
        await store.CopyToAsync(artifact, copy, Cancellation);

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(content)), artifact.Sha256);
        Assert.Equal(size, artifact.SizeBytes);
        Assert.Equal(content, await store.ReadAsync(artifact, Cancellation));
        Assert.Equal(content, copy.ToArray());
    }

    [Fact]
    public async Task Upload_ThatIsStaged_IsReadByItsIdOnly()
    {
        var staged = await store.StageAsync(new MemoryStream([1, 2, 3]), Cancellation);

        Assert.Equal([1, 2, 3], await store.ReadStagedAsync(staged.StagingId, Cancellation));
        Assert.Equal([$"staging/{staged.StagingId}"], await under.NamesAsync());
        await store.CommitAsync(staged, Cancellation);
        await Assert.ThrowsAsync<FileNotFoundException>(() => store.ReadStagedAsync(staged.StagingId, Cancellation));
    }

    [Fact]
    public async Task Artifact_AtRest_ShowsNothingOfItsContent()
    {
        var content = new byte[200_000];
        "a sentence that stands in the model"u8.CopyTo(content.AsSpan(1_000));
        await store.StoreAsync(content);
        await store.StageAsync(new MemoryStream(content), Cancellation);

        foreach (var name in await under.NamesAsync())
        {
            var stored = await under.GetAsync(name);
            Assert.Equal(-1, stored.AsSpan().IndexOf("a sentence that stands"u8));
            Assert.Equal(-1, stored.AsSpan().IndexOf(new byte[64]));
        }
    }

    [Fact]
    public async Task Artifact_ChangedInAnyByte_IsRefused()
    {
        var artifact = await store.StoreAsync(RandomNumberGenerator.GetBytes(100_000));
        var original = await under.GetAsync(artifact.Name);

        await Gen.Select(Gen.Int[0, original.Length - 1], Gen.Byte[1, 255]).SampleAsync(
            async (at, mask) =>
            {
                var changed = (byte[])original.Clone();
                changed[at] ^= mask;
                return await IsRefusedAsync(artifact, changed);
            },
            iter: 200, threads: 1);
    }

    [Fact]
    public async Task Artifact_CutOffOrAddedTo_IsRefused()
    {
        var artifact = await store.StoreAsync(RandomNumberGenerator.GetBytes(200_000));
        var original = await under.GetAsync(artifact.Name);
        const int HeaderBytes = 5 + 8 + 12 + 32 + 16;
        const int ChunkBytes = 65_536 + 16;

        foreach (var length in (int[])[0, 1, HeaderBytes, HeaderBytes + 16, HeaderBytes + ChunkBytes, HeaderBytes + (3 * ChunkBytes), original.Length - 1])
            Assert.True(await IsRefusedAsync(artifact, original[..length]), $"{length} bytes were taken for the whole");
        foreach (var more in (int[])[1, 16, 17, ChunkBytes])
            Assert.True(await IsRefusedAsync(artifact, [.. original, .. new byte[more]]), $"{more} bytes more were passed over");
        Assert.True(await IsRefusedAsync(artifact, [.. original[..HeaderBytes], .. original[(HeaderBytes + ChunkBytes)..(HeaderBytes + (2 * ChunkBytes))], .. original[HeaderBytes..(HeaderBytes + ChunkBytes)], .. original[(HeaderBytes + (2 * ChunkBytes))..]]), "Chunks could be swapped.");
    }

    [Fact]
    public async Task Artifact_InPlaceOfAnother_IsRefused()
    {
        var (one, other) = (await store.StoreAsync([1, 2, 3]), await store.StoreAsync([4, 5, 6]));

        Assert.True(await IsRefusedAsync(one, await under.GetAsync(other.Name)));
        var download = await Assert.ThrowsAsync<InvalidDataException>(() => store.CopyToAsync(one, Stream.Null, Cancellation));
        Assert.Contains("another content", download.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SameContentTwice_IsOneArtifact()
    {
        var (first, second) = (await store.StoreAsync([1, 2, 3]), await store.StoreAsync([1, 2, 3]));

        Assert.Equal(first, second);
        Assert.Equal([first.Name, first.Name + ".sig"], await under.NamesAsync());
    }

    [Theory]
    [InlineData(1_001)]
    [InlineData(10_000_000)]
    public async Task Upload_LargerThanTheLimit_LeavesNothing(int size)
    {
        var options = under.Options();
        options.MaxBytes = size - 1;
        using var limited = new ArtifactStore(options);

        await Assert.ThrowsAsync<ArtifactTooLargeException>(() => limited.StageAsync(new MemoryStream(new byte[size]), Cancellation));

        Assert.Empty(await under.NamesAsync());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100_000)]
    [InlineData(20_000_000)]
    public async Task Upload_ThatBreaksOff_LeavesNothing(int after)
    {
        await Assert.ThrowsAsync<EndOfStreamException>(() => store.StageAsync(new BrokenStream(after), Cancellation));

        Assert.Empty(await under.NamesAsync());
    }

    [Fact]
    public async Task Upload_WhoseClientHungUp_LeavesNothing()
    {
        using var hangUp = new CancellationTokenSource();
        var content = new BrokenStream(20_000_000) { Broken = hangUp.Cancel };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.StageAsync(content, hangUp.Token));

        Assert.Empty(await under.NamesAsync());
    }

    [Fact]
    public async Task Upload_ThatIsDiscarded_LeavesNothing()
    {
        var staged = await store.StageAsync(new MemoryStream([]), Cancellation);

        await store.DiscardAsync(staged.StagingId, Cancellation);
        await store.DiscardAsync(staged.StagingId, Cancellation);

        Assert.Empty(await under.NamesAsync());
    }

    [Fact]
    public async Task Discard_AfterTheCommit_LeavesTheArtifact()
    {
        var staged = await store.StageAsync(new MemoryStream([1]), Cancellation);
        var artifact = await store.CommitAsync(staged, Cancellation);

        await store.DiscardAsync(staged.StagingId, Cancellation);

        Assert.Equal([1], await store.ReadAsync(artifact, Cancellation));
    }

    [Fact]
    public async Task Delete_TakesArtifactAndSignature_AndMayBeRepeated()
    {
        var (gone, kept) = (await store.StoreAsync([1]), await store.StoreAsync([2]));

        await store.DeleteAsync(gone.Sha256, Cancellation);
        await store.DeleteAsync(gone.Sha256, Cancellation);

        await Assert.ThrowsAsync<FileNotFoundException>(() => store.ReadAsync(gone, Cancellation));
        await Assert.ThrowsAsync<FileNotFoundException>(() => store.CopyToAsync(gone, Stream.Null, Cancellation));
        Assert.Equal([kept.Name, kept.Name + ".sig"], await under.NamesAsync());
    }

    [Fact]
    public async Task Sweep_TakesOldUploads_AndNothingElse()
    {
        var artifact = await store.StoreAsync([1]);
        await store.StageAsync(new MemoryStream([2]), Cancellation);
        if (under is S3UnderTest s3) await s3.LeaveUnfinishedAsync("staging/killed");
        else await under.PutAsync("unfinished/killed", [3]);

        Assert.Equal(0, await store.SweepAsync(TimeProvider.System.GetUtcNow().AddHours(-1), Cancellation));
        Assert.Equal(2, await store.SweepAsync(TimeProvider.System.GetUtcNow().AddHours(1), Cancellation));

        Assert.Equal([artifact.Name, artifact.Name + ".sig"], await under.NamesAsync());
    }

    [Fact]
    public async Task List_TellsArtifactsByTheirAge_AndNothingElse()
    {
        var artifact = await store.StoreAsync([1]);
        var unsigned = new string('b', 64);
        await under.PutAsync($"sha256/bb/{unsigned}.sig", [2]);
        await store.StageAsync(new MemoryStream([3]), Cancellation);
        await under.PutAsync("sha256/aa/other", [4]);

        Assert.Empty(await store.ListAsync(TimeProvider.System.GetUtcNow().AddHours(-1), Cancellation));
        var old = await store.ListAsync(TimeProvider.System.GetUtcNow().AddHours(1), Cancellation);
        Assert.Equal(((string[])[artifact.Sha256, unsigned]).Order(), old.Order());
    }

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("")]
    [InlineData("0123")]
    public async Task Name_ThatIsNoneOfOurs_IsNotFound(string id)
    {
        await Assert.ThrowsAsync<FileNotFoundException>(() => store.ReadStagedAsync(id, Cancellation));
        await Assert.ThrowsAsync<FileNotFoundException>(() => store.ReadAsync(new ArtifactInfo(1, id, true, null), Cancellation));
        await Assert.ThrowsAsync<FileNotFoundException>(() => store.DeleteAsync(id, Cancellation));
    }

    private async Task<bool> IsRefusedAsync(ArtifactInfo artifact, byte[] stored)
    {
        await under.PutAsync(artifact.Name, stored);
        return await Record.ExceptionAsync(() => store.ReadAsync(artifact, Cancellation)) is InvalidDataException;
    }
}
