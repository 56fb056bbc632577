using System.Buffers.Binary;

namespace Platform.Formats.Parquet;

/// <summary>A Parquet file begins with PAR1, and ends with its footer, the footer's length and PAR1 again.</summary>
internal static class ParquetFooter
{
    private const string CutFix = "It was cut, or is no Parquet file: send all of it.";
    private const int MagicBytes = 4;
    private const int TailBytes = MagicBytes + sizeof(int);

    private static ReadOnlySpan<byte> Magic => "PAR1"u8;

    /// <summary>Brings the footer into memory, once it is known to be one.</summary>
    /// <exception cref="InputFormatException">The file is cut, encrypted or no Parquet file, or its footer is beyond the limit.</exception>
    public static async ValueTask ReadAsync(WindowStream file, FormatLimits limits, CancellationToken ct)
    {
        if (file.Length < MagicBytes + TailBytes) throw new InputFormatException($"The file has {file.Length} bytes.", CutFix);
        var head = await file.PinAsync(0, MagicBytes, ct);
        var tail = await file.PinAsync(file.Length - TailBytes, TailBytes, ct);
        if (head.AsSpan().SequenceEqual("PARE"u8) || tail.AsSpan(sizeof(int)).SequenceEqual("PARE"u8))
            throw new InputFormatException("The file is encrypted.", "Write it without Parquet's encryption; the platform encrypts what it stores.");
        if (!head.AsSpan().SequenceEqual(Magic)) throw new InputFormatException("The file does not begin with PAR1.", CutFix);
        if (!tail.AsSpan(sizeof(int)).SequenceEqual(Magic)) throw new InputFormatException("The file does not end with PAR1.", CutFix);
        var length = BinaryPrimitives.ReadInt32LittleEndian(tail);
        if (length < 0 || length > file.Length - MagicBytes - TailBytes) throw new InputFormatException($"Its footer is said to have {length} bytes, which are not there.", CutFix);
        if (length > limits.MaxFooterBytes)
        {
            throw new InputFormatException(
                $"Its footer has {length} bytes, and {limits.MaxFooterBytes} are allowed.", "Write fewer columns (lists instead) or fewer row groups.");
        }

        new CompactWalk(await file.PinAsync(file.Length - TailBytes - length, length, ct)).SkipStruct();
    }
}
