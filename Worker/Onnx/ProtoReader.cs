using System.Buffers.Binary;

namespace Platform.Worker.Onnx;

/// <summary>
/// Steps over the fields of one protobuf message (https://protobuf.dev/programming-guides/encoding/) without copying.
/// Every length is checked against what is there, so any bytes may be given to it.
/// </summary>
internal ref struct ProtoReader(ReadOnlySpan<byte> message)
{
    private ReadOnlySpan<byte> rest = message;

    public int Field { get; private set; }

    /// <summary>The value of a number field.</summary>
    public ulong Number { get; private set; }

    /// <summary>The content of a field with a length (text, bytes, message); empty for a number.</summary>
    public ReadOnlySpan<byte> Content { get; private set; }

    /// <summary>Whether the bytes ceased to be protobuf.</summary>
    public bool IsDamaged { get; private set; }

    public bool MoveNext()
    {
        if (rest.IsEmpty || IsDamaged) return false;
        Content = default;
        Number = 0;
        var isWhole = TryReadVarint(out var tag) && TryReadField((int)(tag & 7));
        Field = tag >> 3 is > 0 and <= 0x1FFF_FFFF ? (int)(tag >> 3) : 0;
        IsDamaged = !isWhole || Field == 0;
        return !IsDamaged;
    }

    private bool TryReadField(int wireType)
    {
        switch (wireType)
        {
            case 0:
                var isNumber = TryReadVarint(out var number);
                Number = number;
                return isNumber;
            case 1:
                return TrySkip(sizeof(ulong));
            case 2:
                if (!TryReadVarint(out var length) || length > (ulong)rest.Length) return false;
                Content = rest[..(int)length];
                rest = rest[(int)length..];
                return true;
            case 5:
                return TrySkip(sizeof(uint));
            default:
                return false;
        }
    }

    private bool TrySkip(int bytes)
    {
        if (rest.Length < bytes) return false;
        Number = bytes == sizeof(ulong) ? BinaryPrimitives.ReadUInt64LittleEndian(rest) : BinaryPrimitives.ReadUInt32LittleEndian(rest);
        rest = rest[bytes..];
        return true;
    }

    private bool TryReadVarint(out ulong value)
    {
        value = 0;
        for (var shift = 0; shift < 64 && !rest.IsEmpty; shift += 7)
        {
            var current = rest[0];
            rest = rest[1..];
            value |= (ulong)(current & 0x7F) << shift;
            if (current < 0x80) return true;
        }

        return false;
    }
}
