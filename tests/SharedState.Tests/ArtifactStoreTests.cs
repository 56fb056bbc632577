using System.Security.Cryptography;
using CsCheck;
using Platform.Core.Models;
using Platform.SharedState.Artifacts;

namespace Platform.SharedState.Tests;

public sealed class ArtifactStoreTests : IDisposable
{
    private const string PlatformKey = "a-platform-key-of-more-than-32-characters";
    private readonly string folder = Directory.CreateTempSubdirectory("artifacts-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(65_537)]
    [InlineData(300_000)]
    public async Task Artifact_IsReadBackAsItWasStored(int size)
    {
        var content = RandomNumberGenerator.GetBytes(size);
        var store = NewStore();

        var artifact = await StoreAsync(store, content);

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(content)), artifact.Sha256);
        Assert.Equal(size, artifact.SizeBytes);
        Assert.Equal(content, await store.ReadAsync(artifact, Cancellation));
    }

    [Fact]
    public async Task Artifact_AtRest_ShowsNothingOfItsContent()
    {
        var content = new byte[200_000];
        "a sentence that stands in the model"u8.CopyTo(content.AsSpan(1_000));
        await StoreAsync(NewStore(), content);

        var stored = Directory.GetFiles(folder, "*", SearchOption.AllDirectories).SelectMany(File.ReadAllBytes).ToArray();

        Assert.Equal(-1, stored.AsSpan().IndexOf("a sentence that stands"u8));
        Assert.Equal(-1, stored.AsSpan().IndexOf(new byte[64]));
    }

    [Fact]
    public async Task Artifact_ChangedInAnyByte_IsRefused()
    {
        var store = NewStore();
        var artifact = await StoreAsync(store, RandomNumberGenerator.GetBytes(100_000));
        var path = Directory.GetFiles(Path.Combine(folder, "sha256"), "*", SearchOption.AllDirectories).Single();
        var original = await File.ReadAllBytesAsync(path, Cancellation);

        await Gen.Select(Gen.Int[0, original.Length - 1], Gen.Byte[1, 255]).SampleAsync(
            async (at, mask) =>
            {
                var changed = (byte[])original.Clone();
                changed[at] ^= mask;
                return await IsRefusedAsync(store, artifact, path, changed);
            },
            iter: 300, threads: 1);
    }

    [Fact]
    public async Task Artifact_CutAtAChunk_IsRefused()
    {
        var store = NewStore();
        var artifact = await StoreAsync(store, RandomNumberGenerator.GetBytes(200_000));
        var path = Directory.GetFiles(Path.Combine(folder, "sha256"), "*", SearchOption.AllDirectories).Single();
        var original = await File.ReadAllBytesAsync(path, Cancellation);
        const int HeaderBytes = 5 + 8 + 12 + 32 + 16;
        const int ChunkBytes = 4 + 65_536 + 16;

        foreach (var chunks in (int[])[0, 1, 2, 3])
            Assert.True(await IsRefusedAsync(store, artifact, path, original[..(HeaderBytes + (chunks * ChunkBytes))]), $"{chunks} chunks were taken for the whole");
    }

    [Fact]
    public async Task Artifact_UnderAnotherPlatformKey_IsRefused()
    {
        var artifact = await StoreAsync(NewStore(), [1, 2, 3]);

        var other = new ArtifactStore(new ArtifactOptions { Folder = folder, PlatformKey = PlatformKey + "!" });

        await Assert.ThrowsAsync<InvalidDataException>(() => other.ReadAsync(artifact, Cancellation));
    }

    [Fact]
    public async Task Upload_LargerThanTheLimit_LeavesNothing()
    {
        var store = new ArtifactStore(new ArtifactOptions { Folder = folder, PlatformKey = PlatformKey, MaxBytes = 1_000 });

        await Assert.ThrowsAsync<ArtifactTooLargeException>(() => store.StageAsync(new MemoryStream(new byte[1_001]), Cancellation));

        Assert.Empty(Directory.GetFiles(folder, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Upload_ThatBreaksOff_LeavesNothing()
    {
        await Assert.ThrowsAsync<IOException>(() => NewStore().StageAsync(new BrokenStream(), Cancellation));

        Assert.Empty(Directory.GetFiles(folder, "*", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("")]
    [InlineData("0123")]
    public async Task StagingId_ThatIsNoneOfOurs_IsNotFound(string id) =>
        await Assert.ThrowsAsync<FileNotFoundException>(() => NewStore().ReadStagedAsync(id, Cancellation));

    private ArtifactStore NewStore() => new(new ArtifactOptions { Folder = folder, PlatformKey = PlatformKey });

    private static async Task<ArtifactInfo> StoreAsync(ArtifactStore store, byte[] content) =>
        store.Commit(await store.StageAsync(new MemoryStream(content), Cancellation));

    private static async Task<bool> IsRefusedAsync(ArtifactStore store, ArtifactInfo artifact, string path, byte[] stored)
    {
        await File.WriteAllBytesAsync(path, stored, Cancellation);
        return await Record.ExceptionAsync(() => store.ReadAsync(artifact, Cancellation)) is InvalidDataException;
    }

    private sealed class BrokenStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            throw new IOException("The connection broke.");
    }
}
