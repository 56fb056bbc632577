using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Builder;

namespace Platform.Benchmarks.Speed.Peers;

/// <summary>A peer in a process of its own, so that its processor time is its own. It ends when this process closes its input.</summary>
internal sealed class PeerProcess : IDisposable
{
    public const string Verb = "speed-peer";
    private readonly Process process;

    private PeerProcess(Process process, Uri address) => (this.process, Address) = (process, address);

    public Uri Address { get; }

    public int Id => process.Id;

    /// <summary>The process's own side of it.</summary>
    public static Task<int> RunAsync(string kind) => kind switch
    {
        "noop" => NoopServer.RunAsync(),
        _ => PlainServer.RunAsync(int.Parse(kind, CultureInfo.InvariantCulture)),
    };

    /// <param name="kind">"noop", or the threads of a plain server's sessions.</param>
    public static async Task<PeerProcess> StartAsync(string kind)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardInput = true };
        foreach (var argument in (string[])[typeof(PeerProcess).Assembly.Location, Verb, kind]) start.ArgumentList.Add(argument);
        var process = Process.Start(start)!;
        var address = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException($"The peer '{kind}' did not start.");
        return new(process, new Uri(address));
    }

    public static async Task ServeAsync(WebApplication app)
    {
        await app.StartAsync();
        Console.WriteLine(app.Urls.First());
        await Console.In.ReadToEndAsync();
        await app.StopAsync();
    }

    public void Dispose()
    {
        process.Kill();
        process.Dispose();
    }
}
