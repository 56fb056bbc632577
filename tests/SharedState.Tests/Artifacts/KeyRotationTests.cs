using Platform.SharedState.Artifacts;

namespace Platform.SharedState.Tests.Artifacts;

public sealed class KeyRotationTests : IAsyncLifetime
{
    private const string Old = "the-platform-key-of-the-first-year-of-all";
    private const string New = "the-platform-key-of-the-second-year-of-all";
    private readonly FolderUnderTest under = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => default;

    public ValueTask DisposeAsync() => under.DisposeAsync();

    [Fact]
    public async Task RotatedKey_ReadsOldArtifacts_WithoutRewritingThem()
    {
        using var before = new ArtifactStore(under.Options(Old));
        var artifact = await before.StoreAsync([1, 2, 3]);
        var (stored, signature) = (await under.GetAsync(artifact.Name), await under.GetAsync(artifact.SignatureName));

        using var after = new ArtifactStore(Rotated());

        Assert.Equal([1, 2, 3], await after.ReadAsync(artifact, Cancellation));
        Assert.Equal(stored, await under.GetAsync(artifact.Name));
        Assert.Equal(signature, await under.GetAsync(artifact.SignatureName));
        Assert.Equal(before.PublicKey(artifact.SignedBy!), after.PublicKey(artifact.SignedBy!));
    }

    [Fact]
    public async Task RotatedKey_WrapsAndSignsWhatIsNew()
    {
        using var before = new ArtifactStore(under.Options(Old));
        using var after = new ArtifactStore(Rotated());
        using var later = new ArtifactStore(under.Options(New));
        var (old, artifact) = (await before.StoreAsync([1]), await after.StoreAsync([2]));

        Assert.Equal([2], await later.ReadAsync(artifact, Cancellation));
        Assert.NotEqual(old.SignedBy, artifact.SignedBy);
        await Assert.ThrowsAsync<InvalidDataException>(() => before.ReadAsync(artifact, Cancellation));
    }

    [Fact]
    public async Task KeyThatIsMissing_IsNamed()
    {
        using var before = new ArtifactStore(under.Options(Old));
        var artifact = await before.StoreAsync([1]);
        var keyId = Convert.ToHexStringLower((await under.GetAsync(artifact.Name))[5..13]);

        using var without = new ArtifactStore(under.Options(New));

        var refused = await Assert.ThrowsAsync<InvalidDataException>(() => without.ReadAsync(artifact, Cancellation));
        Assert.Contains(keyId, refused.Message, StringComparison.Ordinal);
        Assert.Contains("Artifacts:RetiredKeys", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SameContentAfterARotation_KeepsItsSignature_AsLongAsThatIsTrusted()
    {
        using var before = new ArtifactStore(under.Options(Old));
        using var after = new ArtifactStore(Rotated());
        using var later = new ArtifactStore(under.Options(New));
        var first = await before.StoreAsync([1]);

        Assert.Equal(first.SignedBy, (await after.StoreAsync([1])).SignedBy);
        Assert.NotEqual(first.SignedBy, (await later.StoreAsync([1])).SignedBy);
        Assert.Equal([1], await later.ReadAsync(first, Cancellation));
    }

    [Fact]
    public async Task Header_TellsNothingOfThePlatformKey()
    {
        using var store = new ArtifactStore(under.Options(Old));
        var artifact = await store.StoreAsync([1]);

        var digest = System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(Old));

        Assert.Equal(-1, (await under.GetAsync(artifact.Name)).AsSpan().IndexOf(digest.AsSpan(0, 4)));
    }

    private ArtifactOptions Rotated()
    {
        var options = under.Options(New);
        options.RetiredKeys = [Old];
        return options;
    }
}
