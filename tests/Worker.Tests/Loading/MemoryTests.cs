using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Platform.Worker.Serving;
using Platform.Worker.Tests.Support;

namespace Platform.Worker.Tests.Loading;

public sealed class MemoryTests
{
    private const int Cycles = 200;
    private const int WarmCycles = 10;
    private const double AllowedGrowth = 0.10;

    [Fact]
    public async Task LoadAndUnload_ManyTimes_GivesTheMemoryBack()
    {
        await using var host = await WorkerHost.StartAsync(("Worker:ProfileBudget", "00:00:00.001"));
        var served = host.Services.GetRequiredService<ServedVersions>();
        var model = Digits.Model("2.2.0-slow");
        long warm = 0;
        for (var cycle = 1; cycle <= Cycles; cycle++)
        {
            await host.LoadAsync("digits", "2.2.0-slow", model);
            var version = Assert.Single(served.All);
            served.Remove(version.Id);
            Assert.True(version.IsFreed);
            if (cycle == WarmCycles) warm = Resident();
        }

        var grown = (Resident() - warm) / (double)warm;
        Assert.True(grown <= AllowedGrowth, $"Resident memory grew by {grown:P1} from {warm >> 20} MiB.");
    }

    private static long Resident()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
