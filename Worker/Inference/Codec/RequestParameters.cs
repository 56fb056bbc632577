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
            else cursor.SkipValue();
        }
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
