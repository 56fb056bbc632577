using System.IO.Compression;
using CsCheck;
using Platform.Core.Models;
using Platform.Formats.Tests.Support;

namespace Platform.Formats.Tests.Properties;

/// <summary>Valid files with bytes changed, cut, doubled and put in: each is read, or refused with one exception.</summary>
public sealed class MutationTests
{
    private static readonly ModelSignature Model = Signatures.Of(("a", "INT32", []), ("b_1", "FP32", [3]), ("c", "BYTES", []));
    private static readonly ModelSignature Images = Signatures.Of(("image", "FP32", [1, 4, 4]));

    private static readonly Gen<(int Kind, double At, double Length, byte Value)[]> Mutations =
        Gen.Select(Gen.Int[0, 5], Gen.Double[0, 1], Gen.Double[0, 1], Gen.Byte).Array[1, 4];

    [Theory]
    [InlineData(RowFormats.Jsonl, 8_000)]
    [InlineData(RowFormats.Csv, 8_000)]
    [InlineData(RowFormats.Parquet, 6_000)]
    [InlineData(RowFormats.Idx, 4_000)]
    public async Task File_Mutated_IsReadOrRefused(string format, int times)
    {
        var files = await FilesAsync(format);
        var signature = format == RowFormats.Idx ? Images : Model;
        var limits = new FormatLimits { MaxRowBytes = 1 << 12, MaxRowGroupBytes = 1 << 20, MaxColumns = 64 };
        var (refused, faulty) = (0, 0);
        await Gen.Select(Gen.Int[0, files.Length - 1], Mutations).SampleAsync(
            async (file, mutations) =>
            {
                try
                {
                    var rows = await Reading.AllAsync(format, mutations.Aggregate(files[file], Mutate), signature, limits);
                    Interlocked.Add(ref faulty, rows.Count(row => row.Fault is not null));
                }
                catch (InputFormatException e)
                {
                    Assert.NotEmpty(e.Fix);
                    Interlocked.Increment(ref refused);
                }
            },
            iter: times,
            threads: 1);
        // The files are small enough for mutations to hit what matters.
        Assert.True(refused > times / 20, $"{refused} of {times} were refused");
        if (format is RowFormats.Jsonl or RowFormats.Csv) Assert.True(faulty > times / 20, $"{faulty} rows were at fault");
    }

    private static byte[] Mutate(byte[] file, (int Kind, double At, double Length, byte Value) mutation)
    {
        if (file.Length == 0) return file;
        var at = (int)(mutation.At * (file.Length - 1));
        var length = Math.Min(file.Length - at, 1 + (int)(mutation.Length * 8));
        return mutation.Kind switch
        {
            0 => [.. file[..at], (byte)(file[at] ^ (1 << (mutation.Value & 7))), .. file[(at + 1)..]],
            1 => [.. file[..at], mutation.Value, .. file[(at + 1)..]],
            2 => file[..at],
            3 => [.. file[..at], .. file[(at + length)..]],
            4 => [.. file[..(at + length)], .. file[at..]],
            _ => [.. file[..at], .. Enumerable.Repeat(mutation.Value, length), .. file[at..]],
        };
    }

    private static async Task<byte[][]> FilesAsync(string format)
    {
        if (format == RowFormats.Idx)
        {
            byte[] images = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 4, 0, 0, 0, 4, .. Enumerable.Range(0, 32).Select(pixel => (byte)pixel)];
            using var zipped = new MemoryStream();
            await using (var gzip = new GZipStream(zipped, CompressionLevel.Fastest, leaveOpen: true)) await gzip.WriteAsync(images);
            return [images, zipped.ToArray()];
        }

        var outputs = Model with { Outputs = Model.Inputs };
        var row = Support.Rows.Tensors(("a", "INT32", []), ("b_1", "FP32", [3]), ("c", "BYTES", []));
        var rows = row.Array[3, 5].Select(tensors => tensors.Select((tensor, number) => new OutputRow(number, "1.0.0", [.. tensor])).ToArray());
        var files = new List<byte[]>();
        await rows.SampleAsync(async sample => files.Add(await Writing.InputsAsync(format, outputs, sample)), iter: 20, threads: 1);
        return [.. files];
    }
}
