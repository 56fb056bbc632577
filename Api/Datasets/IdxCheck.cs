using Platform.Core.Models.Datasets;

namespace Platform.Api.Datasets;

/// <summary>Reads an idx file's header and sees that as many rows follow as it says.</summary>
internal sealed class IdxCheck(int rank, DatasetOptions options) : IRowCheck
{
    private readonly byte[] head = new byte[IdxHeader.Bytes(rank)];
    private int filled;
    private long body;
    private IdxHeader? header;

    public long Rows => header?.Rows ?? 0;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        var taken = Math.Min(bytes.Length, head.Length - filled);
        bytes[..taken].CopyTo(head.AsSpan(filled));
        filled += taken;
        if (filled == head.Length && header is null) header = Read();
        body += bytes.Length - taken;
        if (header is { } known && body > known.Rows * known.RowBytes)
            throw new DatasetException($"row {known.Rows + 1}: more bytes follow than the {known.Rows} rows of the header");
    }

    public void Complete()
    {
        if (header is not { } known) throw new DatasetException($"the file ends inside its header of {head.Length} bytes");
        if (body < known.Rows * known.RowBytes)
            throw new DatasetException($"row {(body / known.RowBytes) + 1}: the file ends here, but the header says {known.Rows} rows");
    }

    private IdxHeader Read()
    {
        var read = IdxHeader.Parse(head, rank);
        return read.Rows <= options.MaxRows ? read : throw new DatasetException($"it has more than {options.MaxRows} rows");
    }
}
