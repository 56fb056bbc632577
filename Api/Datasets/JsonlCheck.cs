using System.Buffers;
using Platform.Core.Models.Datasets;

namespace Platform.Api.Datasets;

/// <summary>Reads each line as a row, holding no more than one of them.</summary>
internal sealed class JsonlCheck(DatasetOptions options) : IRowCheck
{
    private readonly ArrayBufferWriter<byte> line = new();
    private long lines;

    public long Rows { get; private set; }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        for (int end; (end = bytes.IndexOf((byte)'\n')) >= 0; bytes = bytes[(end + 1)..])
        {
            Hold(bytes[..end]);
            Read();
        }

        Hold(bytes);
    }

    public void Complete()
    {
        Read();
        if (Rows == 0) throw new DatasetException("the file has no rows");
    }

    private void Hold(ReadOnlySpan<byte> part)
    {
        if (line.WrittenCount + part.Length > options.MaxRowBytes)
            throw new DatasetException($"row {lines + 1}: it is longer than {options.MaxRowBytes} bytes; give fewer items a line");
        line.Write(part);
    }

    private void Read()
    {
        lines++;
        if (!line.WrittenSpan.Trim(" \t\r"u8).IsEmpty)
        {
            try
            {
                DatasetRow.Parse(line.WrittenMemory);
            }
            catch (DatasetException e)
            {
                throw new DatasetException($"row {lines}: {e.Message}");
            }

            if (++Rows > options.MaxRows) throw new DatasetException($"it has more than {options.MaxRows} rows");
        }

        line.ResetWrittenCount();
    }
}
