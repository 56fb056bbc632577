using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using CsvHelper;
using Parquet;
using Parquet.Data;
using Parquet.Schema;
using Platform.Core.Models;

namespace Platform.Formats.Tests.Support;

/// <summary>Output files, and the same with only the tensors in them, as input files are.</summary>
internal static class Writing
{
    public static async Task<byte[]> AllAsync(string format, ModelSignature signature, IEnumerable<OutputRow> rows)
    {
        using var file = new MemoryStream();
        await using var stream = new ForwardOnlyStream(file);
        await using var writer = RowWriters.Open(format, stream, signature);
        foreach (var row in rows) await writer.WriteAsync(row, default);
        await writer.CompleteAsync(default);
        return file.ToArray();
    }

    public static async Task<byte[]> InputsAsync(string format, ModelSignature signature, IReadOnlyList<OutputRow> rows)
    {
        var file = await AllAsync(format, signature, rows);
        return format switch
        {
            RowFormats.Csv => await CsvInputsAsync(file, rows),
            RowFormats.Parquet => await ParquetInputsAsync(file, rows),
            _ => JsonlInputs(file, rows),
        };
    }

    private static byte[] JsonlInputs(byte[] file, IReadOnlyList<OutputRow> rows)
    {
        var lines = Encoding.UTF8.GetString(file).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line)).ToArray();
        Assert.Equal(rows.Select(row => (row.Number, row.ModelVersion)), lines.Select(line => (line.GetProperty("row").GetInt64(), line.GetProperty("model_version").GetString()!)));
        return Encoding.UTF8.GetBytes(string.Join('\n', lines.Select(line => line.GetProperty("outputs").GetRawText())));
    }

    private static async Task<byte[]> CsvInputsAsync(byte[] file, IReadOnlyList<OutputRow> rows)
    {
        using var inputs = new MemoryStream();
        await using (var to = CsvWriter.Create(inputs, null, leaveOpen: true))
        {
            using var from = CsvReader.Create(file, new CsvReaderOptions { Separator = ',' });
            from.ReadHeader();
            foreach (var name in from.Headers.Skip(2)) to.WriteField(name);
            to.EndRecord();
            foreach (var row in rows)
            {
                Assert.True(from.Read());
                Assert.Equal((row.Number, row.ModelVersion), (from.Parse<long>(0), from.GetString(1)));
                for (var i = 2; i < from.FieldCount; i++) to.WriteField(from.GetSpan(i));
                to.EndRecord();
            }

            Assert.False(from.Read());
        }

        return inputs.ToArray();
    }

    private static async Task<byte[]> ParquetInputsAsync(byte[] file, IReadOnlyList<OutputRow> rows)
    {
        await using var from = await ParquetReader.CreateAsync(new MemoryStream(file), new ParquetOptions());
        using var inputs = new MemoryStream();
        await using (var to = await ParquetWriter.CreateAsync(new ParquetSchema(from.Schema.Fields.Skip(2)), inputs))
        {
            for (var i = 0; i < from.RowGroupCount; i++)
            {
                using var read = from.OpenRowGroupReader(i);
                using var numbers = (RawColumnData<long>)await read.ReadRawColumnDataBaseAsync(from.Schema.GetDataFields()[0], default);
                Assert.Equal(rows.Select(row => row.Number), numbers.Values.ToArray());
                using var write = to.CreateRowGroup();
                foreach (var field in from.Schema.GetDataFields().Skip(2)) await CopyAsync(read, write, field);
            }
        }

        return inputs.ToArray();
    }

    private static Task CopyAsync(ParquetRowGroupReader from, ParquetRowGroupWriter to, DataField field) => Type.GetTypeCode(field.ClrType) switch
    {
        TypeCode.Boolean => CopyAsync<bool>(from, to, field),
        TypeCode.SByte => CopyAsync<sbyte>(from, to, field),
        TypeCode.Byte => CopyAsync<byte>(from, to, field),
        TypeCode.Int16 => CopyAsync<short>(from, to, field),
        TypeCode.UInt16 => CopyAsync<ushort>(from, to, field),
        TypeCode.Int32 => CopyAsync<int>(from, to, field),
        TypeCode.UInt32 => CopyAsync<uint>(from, to, field),
        TypeCode.Int64 => CopyAsync<long>(from, to, field),
        TypeCode.UInt64 => CopyAsync<ulong>(from, to, field),
        TypeCode.Single => CopyAsync<float>(from, to, field),
        TypeCode.Double => CopyAsync<double>(from, to, field),
        _ => CopyAsync<ReadOnlyMemory<byte>>(from, to, field),
    };

    private static async Task CopyAsync<T>(ParquetRowGroupReader from, ParquetRowGroupWriter to, DataField field)
        where T : struct
    {
        using var raw = (RawColumnData<T>)await from.ReadRawColumnDataBaseAsync(field, default);
        if (field.MaxDefinitionLevel == 0)
        {
            await to.WriteAsync<T>(field, raw.Values.ToArray(), null, null, default);
            return;
        }

        var values = raw.Values[..raw.DefinitionLevels.Count(field.MaxDefinitionLevel)];
        await to.WriteAllPartsAsync<T>(field, values.ToArray(), raw.DefinitionLevels.ToArray(), raw.RepetitionLevels.ToArray(), default);
    }
}
