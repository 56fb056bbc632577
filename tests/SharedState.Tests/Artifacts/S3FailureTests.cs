using Platform.SharedState.Artifacts;

namespace Platform.SharedState.Tests.Artifacts;

/// <summary>What a bucket does on a bad day. Always against the stub: it fails when it is told to.</summary>
public sealed class S3FailureTests : IAsyncLifetime
{
    private static readonly byte[] ThreeParts = new byte[20_000_000];
    private S3UnderTest under = null!;
    private ArtifactStore store = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        under = await S3UnderTest.StartStubAsync();
        store = new ArtifactStore(under.Options());
    }

    public ValueTask DisposeAsync()
    {
        store.Dispose();
        return under.DisposeAsync();
    }

    [Theory]
    [InlineData("POST uploads")]
    [InlineData("PUT part")]
    [InlineData("POST upload")]
    public async Task Upload_ThatTheBucketRefuses_LeavesNothing(string failing)
    {
        under.Failing = failing;

        await Assert.ThrowsAsync<IOException>(() => store.StageAsync(new MemoryStream(ThreeParts), Cancellation));

        under.Failing = null;
        Assert.Empty(await under.NamesAsync());
    }

    [Fact]
    public async Task Upload_ThatCannotBeAborted_SaysWhyItFailed_AndIsSwept()
    {
        var options = under.Options();
        options.MaxBytes = ThreeParts.Length - 1;
        using var limited = new ArtifactStore(options);
        under.Failing = "DELETE upload";

        await Assert.ThrowsAsync<ArtifactTooLargeException>(() => limited.StageAsync(new MemoryStream(ThreeParts), Cancellation));

        under.Failing = null;
        Assert.Single(await under.NamesAsync());
        Assert.Equal(1, await store.SweepAsync(TimeProvider.System.GetUtcNow().AddHours(1), Cancellation));
        Assert.Empty(await under.NamesAsync());
    }

    [Fact]
    public async Task Commit_ThatTheBucketRefuses_KeepsTheUpload_AndMayBeRepeated()
    {
        var staged = await store.StageAsync(new MemoryStream([1]), Cancellation);
        under.Failing = "PUT copy";
        await Assert.ThrowsAsync<IOException>(() => store.CommitAsync(staged, Cancellation));

        under.Failing = null;
        var artifact = await store.CommitAsync(staged, Cancellation);

        Assert.Equal([1], await store.ReadAsync(artifact, Cancellation));
    }

    [Fact]
    public async Task Discard_ThatTheBucketRefuses_DoesNotChangeTheAnswer()
    {
        var staged = await store.StageAsync(new MemoryStream([1]), Cancellation);
        under.Failing = "DELETE object";

        await store.DiscardAsync(staged.StagingId, Cancellation);
    }

    [Fact]
    public async Task BucketThatIsNotThere_IsNoMissingArtifact()
    {
        var artifact = await store.StoreAsync([1]);
        var options = under.Options();
        options.S3.Bucket = "elsewhere";
        using var other = new ArtifactStore(options);

        await Assert.ThrowsAsync<IOException>(() => other.ReadAsync(artifact, Cancellation));
    }

    [Theory]
    [InlineData("someone-else", S3StubServer.Region)]
    [InlineData(S3StubServer.AccessKey, "us-west-9")]
    public async Task CredentialsOrRegion_ThatAreWrong_AreTheStoresTrouble(string accessKey, string region)
    {
        var options = under.Options();
        (options.S3.AccessKey, options.S3.Region) = (accessKey, region);
        using var other = new ArtifactStore(options);

        var refused = await Assert.ThrowsAsync<IOException>(() => other.StageAsync(new MemoryStream([1]), Cancellation));
        Assert.DoesNotContain(options.S3.SecretKey!, refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ServerThatIsAway_IsTheStoresTrouble()
    {
        var gone = await S3UnderTest.StartStubAsync();
        using var other = new ArtifactStore(gone.Options());
        await gone.DisposeAsync();

        await Assert.ThrowsAsync<IOException>(() => other.StageAsync(new MemoryStream([1]), Cancellation));
    }
}
