namespace Platform.SharedState.Frames;

/// <summary>The other side cannot be reached, is not who it should be, broke off, or does not keep to the format.</summary>
public class FrameException(string message, Exception? inner = null) : IOException(message, inner);

/// <summary>
/// The connection broke after the request was sent, so that it may have been what the other side was doing when it went down.
/// </summary>
public sealed class FrameBrokenException(string message, Exception? inner = null) : FrameException(message, inner);

/// <summary>As many connections as are allowed are in use.</summary>
public sealed class FramePoolFullException(int limit)
    : FrameException($"{limit} requests are outstanding at one worker, which is the most that are allowed.");
