using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Platform.AppHost.Tests.EndToEnd;

/// <summary>AppHost as <c>dotnet run</c> starts it.</summary>
internal sealed class AppHostProcess
{
    private readonly Process process;

    private AppHostProcess(Process process, HttpClient api) => (this.process, Api) = (process, api);

    public HttpClient Api { get; }

    public static async Task<AppHostProcess> StartAsync(string data)
    {
        var (http, grpc) = (FreePort(), FreePort());
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(BuiltOutput.Of(Projects.AppHost.ProjectPath, "AppHost.dll"));
        foreach (var argument in (string[])[.. RunningPlatform.Isolated(data), $"--Ports:api:http={http}", $"--Ports:api:grpc={grpc}"])
            start.ArgumentList.Add(argument);
        var output = new ConcurrentQueue<string>();
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => output.Enqueue(line.Data ?? "");
        process.ErrorDataReceived += (_, line) => output.Enqueue(line.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var api = new HttpClient { BaseAddress = new Uri($"http://localhost:{http}"), Timeout = TimeSpan.FromMinutes(3) };
        api.DefaultRequestHeaders.Authorization = new("Bearer", RunningPlatform.AdminKey);
        try
        {
            await Until.TrueAsync(
                async () => (await api.GetAsync("/v1/models")).IsSuccessStatusCode
                    && (await api.GetFromJsonAsync<JsonElement>("/v1/workers")).GetProperty("items").GetArrayLength() > 0,
                TimeSpan.FromSeconds(90), "the platform to start");
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{e.Message}\n{string.Join('\n', output.TakeLast(60))}", e);
        }

        return new AppHostProcess(process, api);
    }

    /// <summary><c>kill -9</c> of AppHost and of everything that it started.</summary>
    public async Task KillAsync()
    {
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
    }

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
