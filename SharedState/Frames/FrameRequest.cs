using System.Collections.Immutable;

namespace Platform.SharedState.Frames;

/// <summary>A name and a value that travel beside the body.</summary>
public readonly record struct FrameHeader(string Name, string Value)
{
    internal static string? Find(ImmutableArray<FrameHeader> headers, string name)
    {
        foreach (var header in headers)
        {
            if (header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) return header.Value;
        }

        return null;
    }
}

/// <summary>What a request says beside its body.</summary>
public sealed record FrameRequest
{
    public required string Model { get; init; }

    public required string Version { get; init; }

    public string RequestId { get; init; } = "";

    /// <summary>What is left of the caller's time; null when he did not say.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>How many of the body's bytes are JSON, in the client's own words; null when he said nothing.</summary>
    public string? HeaderLength { get; init; }

    public string? ContentType { get; init; }

    public string? ContentEncoding { get; init; }

    /// <summary>The W3C trace context of the caller.</summary>
    public string? TraceParent { get; init; }

    public ImmutableArray<FrameHeader> Headers { get; init; } = [];

    public string? Header(string name) => FrameHeader.Find(Headers, name);

    internal void Write(ref FrameHeadWriter writer)
    {
        writer.WriteText(Model);
        writer.WriteText(Version);
        writer.WriteText(RequestId);
        writer.WriteLong(Timeout is { } timeout ? (long)timeout.TotalMicroseconds : -1);
        writer.WriteText(HeaderLength);
        writer.WriteText(ContentType);
        writer.WriteText(ContentEncoding);
        writer.WriteText(TraceParent);
        writer.WriteHeaders(Headers);
    }

    /// <exception cref="FrameException">These are not the bytes of a request.</exception>
    internal static FrameRequest Read(ReadOnlySpan<byte> head)
    {
        var reader = new FrameHeadReader(head);
        var request = new FrameRequest
        {
            Model = reader.ReadText() ?? throw FrameHeadReader.Malformed(),
            Version = reader.ReadText() ?? throw FrameHeadReader.Malformed(),
            RequestId = reader.ReadText() ?? "",
            Timeout = ToTime(reader.ReadLong()),
            HeaderLength = reader.ReadText(),
            ContentType = reader.ReadText(),
            ContentEncoding = reader.ReadText(),
            TraceParent = reader.ReadText(),
            Headers = reader.ReadHeaders(),
        };
        reader.End();
        return request;
    }

    private static TimeSpan? ToTime(long microseconds) =>
        microseconds < 0 ? null : TimeSpan.FromTicks(Math.Min(microseconds, TimeSpan.MaxValue.Ticks / 10) * 10);
}
