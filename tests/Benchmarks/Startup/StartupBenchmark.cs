using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;

namespace Platform.Benchmarks.Startup;

/// <summary>How long AppHost takes from its first instruction to a platform that answers, and what its processes hold.</summary>
internal static class StartupBenchmark
{
    private const string AdminKey = "an-admin-key-of-the-startup-benchmark-0123456789";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    public static async Task<int> RunAsync(int rounds)
    {
        var seconds = new List<double>();
        for (var round = 0; round < rounds; round++)
        {
            var data = Directory.CreateTempSubdirectory("platform-startup-").FullName;
            var watch = Stopwatch.StartNew();
            using var appHost = Start(data, out var address);
            await UntilReadyAsync(appHost, address);
            seconds.Add(watch.Elapsed.TotalSeconds);
            Console.WriteLine($"round {round + 1}: ready after {seconds[^1]:0.0} s");
            if (round == rounds - 1) PrintMemory(appHost);
            appHost.Kill(entireProcessTree: true);
            await appHost.WaitForExitAsync();
            Directory.Delete(data, recursive: true);
        }

        seconds.Sort();
        Console.WriteLine($"ready after {seconds[seconds.Count / 2]:0.0} s (median of {rounds}; {seconds[0]:0.0} to {seconds[^1]:0.0}); target 20 s on 2 cores");
        return 0;
    }

    private static Process Start(string data, out Uri address)
    {
        var (http, grpc) = (FreePort(), FreePort());
        address = new Uri($"http://localhost:{http}");
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])
        [
            AppHostAssembly(), $"--Data:Folder={data}", $"--Ports:api:http={http}", $"--Ports:api:grpc={grpc}",
            $"--Parameters:admin-key={AdminKey}", "--Parameters:internal-key=an-internal-key-of-the-startup-benchmark-012345",
            "--Parameters:platform-key=a-platform-key-of-the-startup-benchmark-0123456", "--Parameters:redis-password=startupbenchmark1",
            "--Parameters:platform-cluster-id=startup", "--Parameters:platform-service-id=startup",
        ]) start.ArgumentList.Add(argument);
        var process = Process.Start(start)!;
        // Nobody reads the logs here, but a full pipe would stop their writer.
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    /// <summary>Ready: control calls succeed and both workers are listed.</summary>
    private static async Task UntilReadyAsync(Process appHost, Uri address)
    {
        using var api = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(5) };
        api.DefaultRequestHeaders.Authorization = new("Bearer", AdminKey);
        using var limit = new CancellationTokenSource(Limit);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await IsReadyAsync(api))
        {
            if (appHost.HasExited) throw new InvalidOperationException($"AppHost ended with {appHost.ExitCode}.");
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }

    private static async Task<bool> IsReadyAsync(HttpClient api)
    {
        try
        {
            if (!(await api.GetAsync("/v1/models")).IsSuccessStatusCode) return false;
            return (await api.GetFromJsonAsync<JsonElement>("/v1/workers")).GetProperty("items").GetArrayLength() == 2;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            // Not listening yet.
            return false;
        }
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

    private static string AppHostAssembly()
    {
        var output = Path.GetRelativePath(Path.Combine(AppContext.BaseDirectory, "..", "..", ".."), AppContext.BaseDirectory);
        var root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "Platform.sln"))) root = Path.GetDirectoryName(root)!;
        return Path.Combine(root, "AppHost", output, "AppHost.dll");
    }

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }
}
