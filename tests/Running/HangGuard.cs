using System.Diagnostics;
using System.Reflection;
using Xunit.v3;

[assembly: Platform.Tests.HangGuard]

namespace Platform.Tests;

/// <summary>Ends the test process, naming the test, when one test runs far longer than any should.</summary>
/// <remarks>The test platform's own timeout only asks; a test that waits forever does not hear it.</remarks>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class HangGuardAttribute : BeforeAfterTestAttribute
{
    private static readonly TimeSpan TestDurationMax = TimeSpan.FromMinutes(10);

    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, Timer> running = new();

    public override void Before(MethodInfo methodUnderTest, IXunitTest test) =>
        running[test.UniqueID] = new Timer(_ => End(test.TestDisplayName), null, TestDurationMax, Timeout.InfiniteTimeSpan);

    public override void After(MethodInfo methodUnderTest, IXunitTest test)
    {
        if (running.TryRemove(test.UniqueID, out var timer))
            timer.Dispose();
    }

    private static void End(string test)
    {
        Console.Error.WriteLine($"{test} did not end within {TestDurationMax.TotalMinutes:0} minutes; this test process is ended.");
        // An orderly exit would wait for what hangs.
        Process.GetCurrentProcess().Kill();
    }
}
