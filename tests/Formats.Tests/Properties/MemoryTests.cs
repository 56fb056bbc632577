using System.Text;
using Platform.Formats.Tests.Support;

namespace Platform.Formats.Tests.Properties;

/// <summary>What the whole process holds is measured, so nothing runs beside it.</summary>
[CollectionDefinition(nameof(MemoryTests), DisableParallelization = true)]
public sealed class MeasuredAlone;

/// <summary>Files far larger than what may be held of them.</summary>
[Collection(nameof(MemoryTests))]
public sealed class MemoryTests
{
    private const long FileBytes = 64L << 20;
    private const long HeldMax = 16L << 20;

    [Theory]
    [InlineData(RowFormats.Csv, "x[0],x[1],x[2],x[3]\n", "0.125,-2.5,3e4,17\n")]
    [InlineData(RowFormats.Jsonl, "", "{\"x\":[0.125,-2.5,3e4,17]}\n")]
    public async Task File_OfAnySize_IsReadWithoutHoldingIt(string format, string head, string row)
    {
        await using var file = new ForwardOnlyStream(new RepeatedStream(Encoding.UTF8.GetBytes(head), Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(row, 1000))), FileBytes));
        await using var reader = RowReaders.Open(format, file, Signatures.Of(("x", "FP32", [4])), FormatLimits.Default);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var (rows, held) = (0L, 0L);
        await foreach (var read in reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            Assert.Null(read.Fault);
            if (++rows % 500_000 == 0) held = Math.Max(held, GC.GetTotalMemory(forceFullCollection: true) - before);
        }

        Assert.True(file.Bytes >= FileBytes, $"{file.Bytes} bytes were read");
        Assert.True(rows > 2_000_000, $"{rows} rows");
        Assert.InRange(held, long.MinValue, HeldMax);
    }

    /// <summary>A head, then the same bytes again and again.</summary>
    private sealed class RepeatedStream(byte[] head, byte[] body, long bytes) : MemoryStream
    {
        private long at;

        public override int Read(byte[] buffer, int offset, int count)
        {
            if (at >= bytes && (at - head.Length) % body.Length == 0) return 0;
            var from = at < head.Length ? head.AsSpan((int)at) : body.AsSpan((int)((at - head.Length) % body.Length));
            var read = Math.Min(count, from.Length);
            from[..read].CopyTo(buffer.AsSpan(offset));
            at += read;
            return read;
        }
    }
}
