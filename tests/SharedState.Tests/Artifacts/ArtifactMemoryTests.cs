using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Platform.SharedState.Artifacts;

namespace Platform.SharedState.Tests.Artifacts;

/// <summary>Memory is the whole process's, so nothing else runs meanwhile.</summary>
[CollectionDefinition(DisableParallelization = true)]
public sealed class AloneInItsProcess;

/// <summary>What a large upload costs in memory: the figure is the process's resident set, looked at once in each MiB.</summary>
[Collection<AloneInItsProcess>]
public sealed class ArtifactMemoryTests
{
    private const long MiB = 1 << 20;
    private const long MostBytes = 64 * MiB;

    // ARTIFACT_TEST_MB=2048 for the size that the promise is about.
    private static readonly long UploadBytes = MiB * int.Parse(Environment.GetEnvironmentVariable("ARTIFACT_TEST_MB") ?? "300", CultureInfo.InvariantCulture);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Upload_ThroughAWebServer_TakesLittleMemory(bool toS3)
    {
        await using StoreUnderTest under = toS3 ? await S3UnderTest.StartAsync() : new FolderUnderTest();
        using var store = new ArtifactStore(under.Options());
        await using var server = await ServeAsync(store);
        using var client = new HttpClient { BaseAddress = new Uri(server.Urls.Single()), Timeout = Timeout.InfiniteTimeSpan };
        // What a first upload loads and compiles is not the price of a large one; its buffers are.
        await PutAsync(client, new Endless(64 * 1024));

        var content = new Endless(UploadBytes);
        var staged = await PutAsync(client, content);

        TestContext.Current.TestOutputHelper!.WriteLine($"{UploadBytes / MiB} MiB to {(toS3 ? "S3" : "a folder")}: {content.Growth / (double)MiB:0.0} MiB more at the peak.");
        Assert.Equal(UploadBytes, staged.SizeBytes);
        Assert.True(content.Growth <= MostBytes, $"{content.Growth / MiB} MiB more for {UploadBytes / MiB} MiB.");
    }

    [Fact]
    public async Task Reading_TakesTheModelsSizeOnce()
    {
        await using var under = new FolderUnderTest();
        using var store = new ArtifactStore(under.Options());
        var size = Math.Min(UploadBytes, Array.MaxLength);
        var artifact = await store.CommitAsync(await store.StageAsync(new Endless(size), Cancellation), Cancellation);

        var before = GC.GetTotalAllocatedBytes(precise: true);
        var bytes = await store.ReadAsync(artifact, Cancellation);
        var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;

        TestContext.Current.TestOutputHelper!.WriteLine($"{size / MiB} MiB read: {allocated / (double)MiB:0.0} MiB allocated in all.");
        Assert.Equal(size, bytes.LongLength);
        Assert.True(allocated < size + (16 * MiB), $"{allocated} bytes were allocated for a model of {size}.");
    }

    [Fact]
    public async Task Artifact_LargerThanAnArray_IsRefusedByItsSize()
    {
        await using var under = new FolderUnderTest();
        using var store = new ArtifactStore(under.Options());
        var staged = await store.StageAsync(new MemoryStream([1]), Cancellation);
        // A hole takes no room on the disk; what would be in it is never looked at.
        await using (var file = new FileStream(Path.Combine(under.Options().Folder, "staging", staged.StagingId), FileMode.Open, FileAccess.Write))
            file.SetLength(5 + 8 + 12 + 32 + 16 + (40_000L * (65_536 + 16)));

        var refused = await Assert.ThrowsAsync<ArtifactTooLargeException>(() => store.ReadStagedAsync(staged.StagingId, Cancellation));

        Assert.Contains($"at most {Array.MaxLength} bytes", refused.Message, StringComparison.Ordinal);
    }

    private static async Task<WebApplication> ServeAsync(ArtifactStore store)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(async context =>
        {
            context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = null;
            var staged = await store.StageAsync(context.Request.Body, context.RequestAborted);
            await context.Response.WriteAsync($"{staged.SizeBytes} {staged.Sha256}", context.RequestAborted);
        });
        await app.StartAsync(Cancellation);
        return app;
    }

    private static async Task<(long SizeBytes, string Sha256)> PutAsync(HttpClient client, Endless content)
    {
        using var response = await client.PutAsync("/", new StreamContent(content), Cancellation);
        var answer = (await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync(Cancellation)).Split(' ');
        return (long.Parse(answer[0], CultureInfo.InvariantCulture), answer[1]);
    }

    /// <summary>So many random bytes, and a look at the process's memory now and then.</summary>
    private sealed class Endless(long length) : ReadOnceStream
    {
        private readonly byte[] noise = RandomNumberGenerator.GetBytes((int)MiB);
        private readonly long before = Environment.WorkingSet;
        private long given;
        private long looked;

        public long Growth { get; private set; }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (given >= looked)
            {
                Growth = Math.Max(Growth, Environment.WorkingSet - before);
                looked += MiB;
            }

            var taken = (int)Math.Min(Math.Min(buffer.Length, length - given), noise.Length);
            noise.AsMemory(0, taken).CopyTo(buffer);
            given += taken;
            return ValueTask.FromResult(taken);
        }
    }
}
