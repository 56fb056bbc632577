namespace Platform.Formats.Parquet;

/// <summary>
/// Walks over Thrift's compact protocol without building anything of it. The library reads what it is told to, by
/// recursion and with lists of the size that is written; this sees first that depth and sizes can be.
/// </summary>
internal ref struct CompactWalk(ReadOnlySpan<byte> bytes)
{
    private const int MaxDepth = 32;
    private const int I32 = 5;

    private readonly ReadOnlySpan<byte> bytes = bytes;

    /// <summary>How far it has come.</summary>
    public int At { get; private set; }

    /// <summary>The next field of a struct.</summary>
    /// <param name="id">That of the field before; 0 at first.</param>
    public bool NextField(ref int id, out int type)
    {
        var head = Byte();
        type = head & 0x0F;
        if (type == 0) return false;
        id = head >> 4 is var delta and not 0 ? id + delta : (int)Number();
        return true;
    }

    /// <exception cref="FormatException">The field is no whole number of up to 32 bits.</exception>
    public int Int32(int type) => type == I32 ? checked((int)Number()) : throw new FormatException("a number has another type than it should");

    /// <summary>Passes over one value.</summary>
    /// <exception cref="FormatException">It is not whole, or deeper than any that makes sense.</exception>
    public void Skip(int type, int depth = 0)
    {
        if (depth > MaxDepth) throw new FormatException("its description is nested too deeply");
        switch (type)
        {
            case 1 or 2: break;
            case 3: Pass(1); break;
            case 4 or 5 or 6: Number(); break;
            case 7: Pass(sizeof(double)); break;
            case 8: Pass(Length()); break;
            case 9 or 10: SkipList(depth + 1); break;
            case 11: SkipMap(depth + 1); break;
            case 12: SkipStruct(depth + 1); break;
            default: throw new FormatException($"its description has a value of the unknown type {type}");
        }
    }

    public void SkipStruct(int depth = 0)
    {
        var id = 0;
        while (NextField(ref id, out var type)) Skip(type, depth);
    }

    private void SkipList(int depth)
    {
        var head = Byte();
        var count = head >> 4 is var size and not 15 ? size : Length();
        for (var i = 0; i < count; i++) SkipElement(head & 0x0F, depth);
    }

    private void SkipMap(int depth)
    {
        var count = Length();
        var types = count > 0 ? Byte() : 0;
        for (var i = 0; i < count; i++)
        {
            SkipElement(types >> 4, depth);
            SkipElement(types & 0x0F, depth);
        }
    }

    /// <summary>In lists a boolean is a byte; in fields it is the type.</summary>
    private void SkipElement(int type, int depth)
    {
        if (type is 1 or 2) Pass(1);
        else Skip(type, depth);
    }

    /// <summary>Of bytes or elements, each of which takes a byte at least.</summary>
    private int Length()
    {
        var length = Varint();
        return length <= (ulong)(bytes.Length - At) ? (int)length : throw new FormatException($"its description speaks of {length} bytes or values that are not there");
    }

    private long Number()
    {
        var zigzag = Varint();
        return (long)(zigzag >> 1) ^ -(long)(zigzag & 1);
    }

    private ulong Varint()
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var part = Byte();
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80) return value;
        }

        throw new FormatException("its description has a number of more than 64 bits");
    }

    private int Byte()
    {
        Pass(1);
        return bytes[At - 1];
    }

    private void Pass(int count)
    {
        if (count > bytes.Length - At) throw new FormatException("its description is cut");
        At += count;
    }
}
