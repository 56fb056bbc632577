namespace Platform.SharedState.Frames;

/// <summary>What a caller's connections may take.</summary>
public sealed record FrameClientOptions
{
    /// <summary>How long connecting may take, the proof of who is who included.</summary>
    public TimeSpan ConnectLimit { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Connections to one worker, which is requests outstanding there.</summary>
    public int MaxConnectionsPerWorker { get; init; } = 4_096;

    /// <summary>After this an unused connection is closed.</summary>
    public TimeSpan IdleLimit { get; init; } = TimeSpan.FromMinutes(1);
}
