using System.Collections.Immutable;

namespace Platform.SharedState.Frames;

/// <summary>What an answer says beside its body.</summary>
public sealed record FrameAnswer
{
    /// <summary>As HTTP's.</summary>
    public required int Status { get; init; }

    public string? ContentType { get; init; }

    /// <summary>How many of the body's bytes are JSON; null when all are.</summary>
    public int? HeaderLength { get; init; }

    /// <summary>How long the request waited on the worker.</summary>
    public long? QueueMicroseconds { get; init; }

    /// <summary>How long the model ran.</summary>
    public long? ComputeMicroseconds { get; init; }

    /// <summary>The request's own part of that, when others ran with it.</summary>
    public long? ComputeShareMicroseconds { get; init; }

    /// <summary>How many items were in the batch it ran in.</summary>
    public int? BatchSize { get; init; }

    public ImmutableArray<FrameHeader> Headers { get; init; } = [];

    public string? Header(string name) => FrameHeader.Find(Headers, name);

    internal void Write(ref FrameHeadWriter writer)
    {
        writer.WriteLong(Status);
        writer.WriteText(ContentType);
        writer.WriteLong(HeaderLength ?? -1);
        writer.WriteLong(QueueMicroseconds ?? -1);
        writer.WriteLong(ComputeMicroseconds ?? -1);
        writer.WriteLong(ComputeShareMicroseconds ?? -1);
        writer.WriteLong(BatchSize ?? -1);
        writer.WriteHeaders(Headers);
    }

    /// <exception cref="FrameException">These are not the bytes of an answer.</exception>
    internal static FrameAnswer Read(ReadOnlySpan<byte> head)
    {
        var reader = new FrameHeadReader(head);
        var answer = new FrameAnswer
        {
            Status = ToInt(reader.ReadLong()) is { } status and >= 100 and <= 999 ? status : throw FrameHeadReader.Malformed(),
            ContentType = reader.ReadText(),
            HeaderLength = ToInt(reader.ReadLong()),
            QueueMicroseconds = ToLong(reader.ReadLong()),
            ComputeMicroseconds = ToLong(reader.ReadLong()),
            ComputeShareMicroseconds = ToLong(reader.ReadLong()),
            BatchSize = ToInt(reader.ReadLong()),
            Headers = reader.ReadHeaders(),
        };
        reader.End();
        return answer;
    }

    private static int? ToInt(long value) => value is >= 0 and <= int.MaxValue ? (int)value : null;

    private static long? ToLong(long value) => value < 0 ? null : value;
}
