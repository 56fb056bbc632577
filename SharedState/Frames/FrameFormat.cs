namespace Platform.SharedState.Frames;

/// <summary>
/// A frame is 4 bytes with the length of head and body, 2 with that of the head, the head and the body; numbers are
/// little-endian. A connection carries one request at a time: its frame, then the answer's.
/// </summary>
internal static class FrameFormat
{
    public const int PrefixBytes = sizeof(uint) + sizeof(ushort);

    /// <summary>What was predicted travels in the head, which for many items takes a while.</summary>
    public const int MaxHeadBytes = 60 * 1024;
    public const int MaxHeaders = 32;

    /// <summary>No peer sends more, whatever its own limits are.</summary>
    public const int MaxBodyBytes = 1 << 30;
}
