using System.Runtime.CompilerServices;

namespace Platform.Worker.Inference.Frames;

/// <summary>
/// A request is worked on by the thread that learns of its arrival, instead of being handed to the pool: waking another
/// thread costs more than a small model (docs/performance.md). There are as many of these threads as cores and they bring
/// in all requests, so what may take longer leaves them first.
/// </summary>
internal static class SocketThreads
{
    private const string Setting = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    /// <summary>From this size on, reading or writing JSON takes much longer than waking a thread.</summary>
    private const int LongBytes = 64 * 1024;
    private const double LongMs = 0.1;

    /// <summary>The runtime looks at it once, before its first socket.</summary>
    public static void WorkInline()
    {
        if (Environment.GetEnvironmentVariable(Setting) is null) Environment.SetEnvironmentVariable(Setting, "1");
    }

    /// <summary>Whether to read or write so much here would hold up requests that come in.</summary>
    public static bool AreHeldBy(long bytes) => bytes > LongBytes && IsCurrent;

    /// <summary>Whether a run of so many milliseconds here would hold up requests that come in; null where nobody knows how many.</summary>
    public static bool AreHeldFor(double? milliseconds) => !(milliseconds < LongMs) && IsCurrent;

    /// <summary>Goes on in the pool.</summary>
    public static ConfiguredTaskAwaitable Leave() => Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);

    private static bool IsCurrent => !Thread.CurrentThread.IsThreadPoolThread;
}
