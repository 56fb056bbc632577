using Platform.Formats.Items;

namespace Platform.Formats.Jsonl;

/// <summary>
/// Rows as most are, <c>{"input":[[0.5,-1],[2,3]]}</c>: the names of inputs and lists of short numbers, and no more. They
/// are read where they stand, several times as fast as token by token; whatever is otherwise is left to who reads tokens.
/// </summary>
internal ref struct PlainRow(ReadOnlySpan<byte> line)
{
    private readonly ReadOnlySpan<byte> line = line;
    private int at;

    /// <summary>False for what has to be read token by token, and may be in order or not; what was read until then counts for nothing.</summary>
    public bool TryRead(ItemLayout layout, JsonTensor[] tensors, RowTensor?[] read)
    {
        if (!TryTake('{')) return false;
        do
        {
            if (!TryTake('"') || line[at..].IndexOf((byte)'"') is not (> 0 and var length)) return false;
            var name = line.Slice(at, length);
            var index = name.Contains((byte)'\\') ? -1 : layout.IndexOf(name);
            at += length + 1;
            if (index < 0 || read[index] is not null || !TryTake(':') || !tensors[index].TryReadPlain(ref this, out read[index])) return false;
        }
        while (TryTake(','));
        var isClosed = TryTake('}');
        PassSpace();
        return isClosed && at == line.Length;
    }

    /// <summary>Passes over white space and that character; stays where it is without it.</summary>
    public bool TryTake(char expected)
    {
        PassSpace();
        if (at == line.Length || line[at] != expected) return false;
        at++;
        return true;
    }

    /// <summary>A number as JSON writes it, short enough for <see cref="ShortDecimal"/>.</summary>
    public bool TryTakeNumber(out double value)
    {
        PassSpace();
        var text = line[at..];
        if (!ShortDecimal.TryRead(text, out value, out var length)) return false;
        var digits = text[0] == '-' ? text[1..length] : text[..length];
        // JSON begins and ends a number with a digit, and one of several digits not with 0.
        if (digits is [(byte)'.', ..] or [.., (byte)'.'] or [(byte)'0', >= (byte)'0' and <= (byte)'9', ..]) return false;
        at += length;
        return true;
    }

    private void PassSpace()
    {
        while (at < line.Length && line[at] is (byte)' ' or (byte)'\t' or (byte)'\r') at++;
    }
}
