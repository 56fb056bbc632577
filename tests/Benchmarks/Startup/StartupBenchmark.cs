using System.Diagnostics;
using System.Globalization;

namespace Platform.Benchmarks.Startup;

/// <summary>How long AppHost takes from its first instruction to a platform that answers, and what its processes hold.</summary>
internal static class StartupBenchmark
{
    public static async Task<int> RunAsync(int rounds)
    {
        var seconds = new List<double>();
        for (var round = 0; round < rounds; round++)
        {
            var watch = Stopwatch.StartNew();
            await using var platform = await PlatformProcess.StartAsync();
            seconds.Add(watch.Elapsed.TotalSeconds);
            Console.WriteLine($"round {round + 1}: ready after {seconds[^1]:0.0} s");
            if (round == rounds - 1) PrintMemory(platform.AppHost);
        }

        seconds.Sort();
        Console.WriteLine($"ready after {seconds[seconds.Count / 2]:0.0} s (median of {rounds}; {seconds[0]:0.0} to {seconds[^1]:0.0}); target 20 s on 2 cores");
        return 0;
    }

    private static void PrintMemory(Process appHost)
    {
        Console.WriteLine("process                        resident MB");
        foreach (var process in Process.GetProcesses().Where(process => process.Id == appHost.Id || IsChild(process, appHost.Id)))
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{NameOf(process),-30} {process.WorkingSet64 / 1048576.0,11:0}"));
    }

    private static string Status(Process process, string file) => File.ReadAllText($"/proc/{process.Id}/{file}");

    // The fourth field of /proc/<pid>/stat is the parent; the second, the name in brackets, may hold spaces.
    private static bool IsChild(Process process, int parent) =>
        File.Exists($"/proc/{process.Id}/stat")
        && Status(process, "stat").Split(')')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1] == $"{parent}";

    private static string NameOf(Process process) =>
        Path.GetFileName(Status(process, "cmdline").Split('\0').FirstOrDefault(part => part.EndsWith(".dll", StringComparison.Ordinal)) ?? process.ProcessName);
}
