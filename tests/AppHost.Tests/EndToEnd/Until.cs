using System.Diagnostics;

namespace Platform.AppHost.Tests.EndToEnd;

/// <summary>Waits for a condition; a test never waits for a time.</summary>
internal static class Until
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    public static async Task TrueAsync(Func<Task<bool>> condition, TimeSpan limit, string what)
    {
        var watch = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(Pause);
        while (!await IsTrueAsync(condition))
        {
            if (watch.Elapsed > limit) throw new TimeoutException($"Waited {limit.TotalSeconds:0} s in vain for {what}.");
            await timer.WaitForNextTickAsync();
        }
    }

    private static async Task<bool> IsTrueAsync(Func<Task<bool>> condition)
    {
        try
        {
            return await condition();
        }
        catch (HttpRequestException)
        {
            // Something that is being killed and restarted on purpose; the next look tells.
            return false;
        }
    }
}
