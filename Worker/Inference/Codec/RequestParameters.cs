using System.Text;

namespace Platform.Worker.Inference.Codec;

/// <summary>The request's own parameters; those of others are passed over.</summary>
internal static class RequestParameters
{
    public static void Read(ref JsonCursor cursor, InferRequest request, OutputSelection outputs)
    {
        var isFirst = true;
        while (cursor.TryReadField(ref isFirst, "at the request's parameters", out var name))
        {
            if (name.SequenceEqual("timeout"u8)) request.Timeout = ReadTimeout(ref cursor);
            else if (name.SequenceEqual("priority"u8)) request.Priority = ReadPriority(ref cursor);
            else if (name.SequenceEqual("binary_data_output"u8)) outputs.IsBinaryByDefault = cursor.ReadBool("as binary_data_output");
            else if (name.StartsWith("sequence_"u8)) RefuseSequence(ref cursor, name);
            else if (name.StartsWith("triton_"u8)) cursor.Fail($"the parameter '{Encoding.UTF8.GetString(name)}' is reserved, as are all that begin with 'triton_'");
            else cursor.SkipValue();
        }
    }

    /// <summary>0, "" and false are what clients send that mean no sequence; anything else would be promised and not kept.</summary>
    private static void RefuseSequence(ref JsonCursor cursor, scoped ReadOnlySpan<byte> name)
    {
        var isNone = cursor.Peek() switch
        {
            (byte)'"' => cursor.ReadString("as a sequence's id").IsEmpty,
            (byte)'t' or (byte)'f' => !cursor.ReadBool("at a sequence's parameter"),
            _ => cursor.ReadLong("as a sequence's id") == 0,
        };
        if (!isNone)
            cursor.Fail($"the parameter '{Encoding.UTF8.GetString(name)}' asks for a sequence, which is not supported; send the model's state as a tensor");
    }

    /// <summary>Microseconds; 0 leaves it to the platform.</summary>
    private static TimeSpan? ReadTimeout(ref JsonCursor cursor)
    {
        var microseconds = cursor.ReadLong("as timeout (microseconds)");
        if (microseconds < 0) cursor.Fail("timeout is negative; give microseconds");
        if (microseconds == 0) return null;
        const long longest = long.MaxValue / TimeSpan.TicksPerMicrosecond;
        return TimeSpan.FromTicks(Math.Min(microseconds, longest) * TimeSpan.TicksPerMicrosecond);
    }

    private static ulong ReadPriority(ref JsonCursor cursor)
    {
        var priority = cursor.ReadLong("as priority");
        if (priority < 0) cursor.Fail("priority is negative; 1 is the highest, 0 the default");
        return (ulong)priority;
    }
}
