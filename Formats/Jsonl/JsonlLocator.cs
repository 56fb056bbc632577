using System.Runtime.CompilerServices;

namespace Platform.Formats.Jsonl;

/// <summary>Lines that are not empty.</summary>
internal sealed class JsonlLocator(Stream input, FormatLimits limits) : IRowLocator
{
    private readonly JsonLines lines = new(input, limits);

    public async IAsyncEnumerable<RowPlace> FindAsync([EnumeratorCancellation] CancellationToken ct)
    {
        while (await lines.ReadAsync(ct) is { } line) yield return new(lines.Number, lines.Offset, line.Length);
    }

    public ValueTask DisposeAsync()
    {
        lines.Dispose();
        return ValueTask.CompletedTask;
    }
}
