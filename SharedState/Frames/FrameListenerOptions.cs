namespace Platform.SharedState.Frames;

/// <summary>What callers of a listener may take.</summary>
public sealed record FrameListenerOptions
{
    /// <summary>Connections at a time; the next one is closed at once.</summary>
    public int MaxConnections { get; init; } = 10_000;

    /// <summary>How long a caller may take to prove that he knows the key.</summary>
    public TimeSpan HandshakeLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a request may take to come in, or an answer to go out.</summary>
    public TimeSpan StallLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a connection may lie unused; longer than callers keep theirs.</summary>
    public TimeSpan IdleLimit { get; init; } = TimeSpan.FromMinutes(5);
}
