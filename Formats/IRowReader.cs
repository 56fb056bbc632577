namespace Platform.Formats;

/// <summary>Reads a file's rows in order and holds one of them, or one row group, at a time.</summary>
public interface IRowReader : IAsyncDisposable
{
    /// <summary>To be called once.</summary>
    /// <exception cref="InputFormatException">The file itself is at fault, so that no further row can be told.</exception>
    IAsyncEnumerable<InputRow> ReadAsync(CancellationToken ct);
}
