namespace Platform.Core.Protection;

/// <summary>A request that is not asked of any worker any more, because workers went down with it.</summary>
/// <param name="Digest">Of its canonical inputs; the inputs themselves are kept nowhere.</param>
/// <param name="Crashes">Workers that went down while they ran it.</param>
/// <param name="Until">After this it is tried again.</param>
public sealed record QuarantinedRequest(string Digest, string Model, string Version, int Crashes, DateTimeOffset At, DateTimeOffset Until)
{
    /// <summary>Workers that may go down with a request.</summary>
    public const int MaxCrashes = 2;
}
