using System.Security.Cryptography;
using System.Text;
using CsCheck;
using Platform.SharedState.Jobs;
using Platform.Tests;

namespace Platform.SharedState.Tests.Jobs;

public sealed class JobFilesTests(RedisServer redis) : IClassFixture<RedisServer>, IDisposable
{
    private readonly JobStage stage = new(redis);

    private string Job => stage.Order.Id;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => stage.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(65_536)]
    [InlineData(200_000)]
    public async Task File_WrittenPieceByPiece_IsReadAgainAndIsNotPlainAtRest(int bytes)
    {
        var content = RandomNumberGenerator.GetBytes(bytes);
        if (bytes > 100) "a word that nobody at rest may read"u8.CopyTo(content);
        await using var writer = stage.Files.Create(JobFiles.NewOutput(Job));
        foreach (var piece in content.Chunk(10_000)) await writer.Stream.WriteAsync(piece, Cancellation);

        Assert.Equal(bytes, await writer.CompleteAsync());

        Assert.Equal(content, await ReadAsync(await stage.Files.OpenAsync(writer.Name, Cancellation)));
        var stored = await File.ReadAllBytesAsync(Assert.Single(stage.Left), Cancellation);
        Assert.DoesNotContain("a word that nobody", Encoding.Latin1.GetString(stored), StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_ThatIsAbandoned_NeverWas()
    {
        await using (var writer = stage.Files.Create(JobFiles.NewOutput(Job)))
        {
            await writer.Stream.WriteAsync(new byte[300_000], Cancellation);
        }

        Assert.Empty(stage.Left);
    }

    [Fact]
    public async Task File_ThatWasTamperedWith_IsNotGiven()
    {
        using var content = new MemoryStream(new byte[100_000]);
        var name = JobFiles.NewOutput(Job);
        await stage.Files.WriteAsync(name, content, Cancellation);
        var path = Assert.Single(stage.Left);
        var stored = await File.ReadAllBytesAsync(path, Cancellation);
        stored[^1] ^= 1;
        await File.WriteAllBytesAsync(path, stored, Cancellation);

        await Assert.ThrowsAsync<InvalidDataException>(async () => await ReadAsync(await stage.Files.OpenAsync(name, Cancellation)));
    }

    [Fact]
    public async Task Folders_AreDeletedByThemselves_AndAllOfAJobWithNothingLeft()
    {
        string[] names = [JobFiles.NewSegment(Job, 0), JobFiles.NewShard(Job, 0), JobFiles.NewResults(Job, 0), JobFiles.NewErrors(Job, 0), JobFiles.NewOutput(Job)];
        foreach (var name in names)
        {
            using var content = new MemoryStream([1]);
            await stage.Files.WriteAsync(name, content, Cancellation);
        }

        await stage.Files.DeleteWorkAsync(Job, Cancellation);
        Assert.Equal(3, stage.Left.Count);
        await stage.Files.DeleteInputAsync(Job, Cancellation);
        Assert.Equal(2, stage.Left.Count);
        await stage.Files.DeleteAllAsync(Job, Cancellation);
        await stage.Files.DeleteAllAsync(Job, Cancellation);
        Assert.Empty(stage.Left);
        await Assert.ThrowsAsync<FileNotFoundException>(() => stage.Files.OpenAsync(names[4], Cancellation));
    }

    [Theory]
    [InlineData("../../etc")]
    [InlineData("")]
    [InlineData("not-an-id")]
    public void Id_ThatIsNone_NeverBecomesAPath(string id) => Assert.Throws<ArgumentException>(() => JobFiles.NewOutput(id));

    [Fact]
    public async Task Input_ReadFromAnywhere_IsTheBytesThatWereUploaded()
    {
        var content = RandomNumberGenerator.GetBytes(300_000);
        var segments = new List<JobSegment>();
        foreach (var piece in content.Chunk(70_001))
        {
            var segment = new JobSegment(segments.Sum(before => before.Length), piece.Length, JobFiles.NewSegment(Job, segments.Count));
            using var stream = new MemoryStream(piece);
            await stage.Files.WriteAsync(segment.File, stream, Cancellation);
            segments.Add(segment);
        }

        await using (var whole = new SegmentStream(stage.Files, segments)) Assert.Equal(content, await ReadAsync(whole));
        await Gen.Select(Gen.Int[0, content.Length], Gen.Int[1, 100_000]).Array[1, 6].SampleAsync(async jumps =>
        {
            await using var input = new SegmentStream(stage.Files, segments);
            foreach (var (at, length) in jumps)
            {
                input.Position = at;
                var buffer = new byte[length];
                var read = await input.ReadAtLeastAsync(buffer, length, throwOnEndOfStream: false, Cancellation);
                Assert.Equal(content.AsSpan(at, Math.Min(length, content.Length - at)), buffer.AsSpan(0, read));
            }
        }, iter: 30);
    }

    [Fact]
    public async Task Upload_GoesOnWhereItBroke_AndNowhereElse()
    {
        var (first, _, _) = await stage.Inputs.BeginAsync(Job, null);
        Assert.True(await stage.Inputs.AppendAsync(first!, new JobSegment(0, 100, "a")));
        Assert.False(await stage.Inputs.AppendAsync(first!, new JobSegment(0, 100, "again")));

        var (wrong, refusal, offset) = await stage.Inputs.BeginAsync(Job, 50);
        Assert.Equal((null, TurnRefusal.WrongOffset, 100), (wrong, refusal, offset));
        var (second, _, _) = await stage.Inputs.BeginAsync(Job, 100);

        // The connection that everybody thought dead comes to life.
        Assert.False(await stage.Inputs.AppendAsync(first!, new JobSegment(100, 100, "late")));
        Assert.False(await stage.Inputs.CompleteAsync(first!));
        Assert.True(await stage.Inputs.AppendAsync(second!, new JobSegment(100, 20, "b")));
        Assert.True(await stage.Inputs.CompleteAsync(second!));
        Assert.Equal(new JobInputProgress(120, true), await stage.Inputs.ReadAsync(Job));
        Assert.Equal([new JobSegment(0, 100, "a"), new JobSegment(100, 20, "b")], await stage.Inputs.SegmentsAsync(Job));
        Assert.Equal(TurnRefusal.Complete, (await stage.Inputs.BeginAsync(Job, null)).Refusal);
    }

    [Fact]
    public async Task Upload_ThatBeginsAnew_ForgetsWhatCameBefore()
    {
        var (first, _, _) = await stage.Inputs.BeginAsync(Job, null);
        await stage.Inputs.AppendAsync(first!, new JobSegment(0, 100, "a"));
        await stage.Inputs.BeginAsync(Job, null);

        Assert.Equal(new JobInputProgress(0, false), await stage.Inputs.ReadAsync(Job));
        Assert.Empty(await stage.Inputs.SegmentsAsync(Job));
    }

    private static async Task<byte[]> ReadAsync(Stream stream)
    {
        await using var source = stream;
        using var all = new MemoryStream();
        await source.CopyToAsync(all, Cancellation);
        return all.ToArray();
    }
}
