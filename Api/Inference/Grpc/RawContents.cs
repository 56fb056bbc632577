using System.Buffers;

namespace Platform.Api.Inference.Grpc;

/// <summary>Where a raw tensor stands in a message: its field begins, its bytes begin, and how many there are.</summary>
internal readonly record struct RawContents(long FieldStart, long Start, long Length)
{
    private const int Field = Protocol.ModelInferRequest.RawInputContentsFieldNumber;

    /// <summary>Finds all raw tensors (https://protobuf.dev/programming-guides/encoding/); false when a field is cut off.</summary>
    public static bool TryFind(in ReadOnlySequence<byte> message, out List<RawContents> found)
    {
        found = [];
        var reader = new SequenceReader<byte>(message);
        while (!reader.End)
        {
            var start = reader.Consumed;
            if (!TryReadVarint(ref reader, out var tag)) return false;
            var wireType = (int)(tag & 7);
            if (wireType == 2 && tag >> 3 == Field)
            {
                if (!TryReadVarint(ref reader, out var length) || length > (ulong)reader.Remaining) return false;
                found.Add(new(start, reader.Consumed, (long)length));
                reader.Advance((long)length);
            }
            else if (!TrySkip(ref reader, wireType))
            {
                return false;
            }
        }

        return true;
    }

    private static bool TrySkip(ref SequenceReader<byte> reader, int wireType)
    {
        ulong bytes;
        switch (wireType)
        {
            case 0: return TryReadVarint(ref reader, out _);
            case 1: bytes = sizeof(ulong); break;
            case 2 when TryReadVarint(ref reader, out bytes): break;
            case 5: bytes = sizeof(uint); break;
            default: return false;
        }

        if (bytes > (ulong)reader.Remaining) return false;
        reader.Advance((long)bytes);
        return true;
    }

    private static bool TryReadVarint(ref SequenceReader<byte> reader, out ulong value)
    {
        value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (!reader.TryRead(out var current)) return false;
            value |= (ulong)(current & 0x7F) << shift;
            if (current < 0x80) return true;
        }

        return false;
    }
}
