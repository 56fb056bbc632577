using System.Text;
using Platform.Core.Models;

namespace Platform.Formats.Tests.Support;

internal static class Reading
{
    public static Task<List<InputRow>> JsonlAsync(string text, ModelSignature signature, FormatLimits? limits = null) =>
        AllAsync(RowFormats.Jsonl, Encoding.UTF8.GetBytes(text), signature, limits);

    public static Task<List<InputRow>> CsvAsync(string text, ModelSignature signature, FormatLimits? limits = null) =>
        AllAsync(RowFormats.Csv, Encoding.UTF8.GetBytes(text), signature, limits);

    public static async Task<List<InputRow>> AllAsync(string format, byte[] file, ModelSignature signature, FormatLimits? limits = null)
    {
        await using var reader = RowReaders.Open(format, new MemoryStream(file), signature, limits ?? FormatLimits.Default);
        return await reader.ReadAsync(TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);
    }

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
