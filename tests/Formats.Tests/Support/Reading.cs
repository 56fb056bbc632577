using System.Text;
using Platform.Core.Models;

namespace Platform.Formats.Tests.Support;

internal static class Reading
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static Task<List<InputRow>> JsonlAsync(string text, ModelSignature signature, FormatLimits? limits = null) =>
        AllAsync(RowFormats.Jsonl, Encoding.UTF8.GetBytes(text), signature, limits);

    public static Task<List<InputRow>> CsvAsync(string text, ModelSignature signature, FormatLimits? limits = null) =>
        AllAsync(RowFormats.Csv, Encoding.UTF8.GetBytes(text), signature, limits);

    /// <summary>All rows, read from beginning to end; where parts can be read, they come to the same.</summary>
    public static async Task<List<InputRow>> AllAsync(string format, byte[] file, ModelSignature signature, FormatLimits? limits = null)
    {
        var allowed = limits ?? FormatLimits.Default;
        try
        {
            var rows = await ToListAsync(RowReaders.Open(format, new MemoryStream(file), signature, allowed));
            Assert.Equal(rows.Select(Text), (await PartsAsync(format, file, signature, allowed) ?? rows).Select(Text));
            return rows;
        }
        catch (InputFormatException e) when (format is RowFormats.Jsonl or RowFormats.Idx)
        {
            var refused = await Assert.ThrowsAsync<InputFormatException>(async () => _ = await PartsAsync(format, file, signature, allowed) ?? throw e);
            Assert.Equal((e.Message, e.Row), (refused.Message, refused.Row));
            throw;
        }
    }

    /// <summary>Finds the rows, then reads one, two, three of them and so on; null where rows cannot be found without reading them.</summary>
    private static async Task<List<InputRow>?> PartsAsync(string format, byte[] file, ModelSignature signature, FormatLimits limits)
    {
        await using var locator = await RowLocators.OpenAsync(format, new MemoryStream(file), signature, limits, Cancellation);
        if (locator is null) return null;
        var places = await locator.FindAsync(Cancellation).ToListAsync(Cancellation);
        var rows = new List<InputRow>();
        for (var (at, count) = (0, 1); at < places.Count; at += count++)
        {
            var part = new RowPart(places[at].Number, Math.Min(count, places.Count - at), places[at].Offset);
            rows.AddRange(await ToListAsync(RowReaders.OpenPart(format, new MemoryStream(file), part, signature, limits)));
        }

        return rows;
    }

    private static async Task<List<InputRow>> ToListAsync(IRowReader reader)
    {
        await using var disposing = reader;
        return await reader.ReadAsync(Cancellation).ToListAsync(Cancellation);
    }

    private static string Text(InputRow row) =>
        $"{row.Number} {row.Fault} {string.Join(';', row.Tensors.Select(one => $"{one.Name} {one.Datatype} {string.Join(',', one.Shape)} {Convert.ToHexString(one.Data.Span)}"))}";

    /// <summary>The only tensor of a row without a fault.</summary>
    public static RowTensor Only(this InputRow row)
    {
        Assert.Null(row.Fault);
        return Assert.Single(row.Tensors);
    }

    public static RowFault Faulty(this InputRow row)
    {
        Assert.Empty(row.Tensors);
        return Assert.IsType<RowFault>(row.Fault);
    }

    public static T[] As<T>(this RowTensor tensor)
        where T : unmanaged => System.Runtime.InteropServices.MemoryMarshal.Cast<byte, T>(tensor.Data.Span).ToArray();
}
