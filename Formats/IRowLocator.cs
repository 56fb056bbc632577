namespace Platform.Formats;

/// <summary>Where one row lies in its file.</summary>
/// <param name="Number">From 0; as <see cref="InputRow.Number"/>.</param>
public readonly record struct RowPlace(long Number, long Offset, int Bytes);

/// <summary>Rows that follow one another in their file.</summary>
/// <param name="First">Number of the first of them.</param>
/// <param name="Offset">Where that one begins, in bytes.</param>
public sealed record RowPart(long First, int Rows, long Offset);

/// <summary>Finds a file's rows without reading what they say, so that others can read them, many at a time.</summary>
public interface IRowLocator : IAsyncDisposable
{
    /// <summary>To be called once. What it finds, <see cref="RowReaders.OpenPart"/> reads.</summary>
    /// <exception cref="InputFormatException">As <see cref="IRowReader.ReadAsync"/>.</exception>
    IAsyncEnumerable<RowPlace> FindAsync(CancellationToken ct);
}
