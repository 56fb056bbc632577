using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;

namespace Platform.Benchmarks;

/// <summary>The whole platform, started as <c>dotnet run</c> starts it, with data of its own; killed with all its processes at the end.</summary>
internal sealed class PlatformProcess : IAsyncDisposable
{
    private const string AdminKey = "an-admin-key-of-the-benchmarks-0123456789abcdef";

    /// <summary>What a worker that is reached directly wants to see.</summary>
    public const string InternalKey = "an-internal-key-of-the-benchmarks-0123456789";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);
    private readonly string data = Directory.CreateTempSubdirectory("platform-benchmark-").FullName;
    private readonly Uri address;
    private readonly int workers;

    private PlatformProcess(int workers, IReadOnlyDictionary<string, string> environment)
    {
        this.workers = workers;
        var (http, grpc) = (FreePort(), FreePort());
        address = new Uri($"http://localhost:{http}");
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])
        [
            AppHostAssembly(), $"--Data:Folder={data}", $"--Ports:api:http={http}", $"--Ports:api:grpc={grpc}",
            $"--Parameters:admin-key={AdminKey}", $"--Parameters:internal-key={InternalKey}",
            "--Parameters:platform-key=a-platform-key-of-the-benchmarks-01234567890", "--Parameters:redis-password=benchmarks1",
            "--Parameters:platform-cluster-id=benchmarks", "--Parameters:platform-service-id=benchmarks", $"--Worker:Replicas={workers}",
        ]) start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment) start.Environment[name] = value;
        AppHost = Process.Start(start)!;
        // Nobody reads the logs here, but a full pipe would stop their writer.
        AppHost.BeginOutputReadLine();
        AppHost.BeginErrorReadLine();
        Api = NewClient();
    }

    public Process AppHost { get; }

    public HttpClient Api { get; }

    /// <param name="workers">Replicas of the worker.</param>
    /// <param name="environment">Settings for all hosts.</param>
    public static async Task<PlatformProcess> StartAsync(int workers = 2, IReadOnlyDictionary<string, string>? environment = null)
    {
        var platform = new PlatformProcess(workers, environment ?? new Dictionary<string, string>());
        using var limit = new CancellationTokenSource(Limit);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await platform.IsReadyAsync())
        {
            if (platform.AppHost.HasExited) throw new InvalidOperationException($"AppHost ended with {platform.AppHost.ExitCode}.");
            await timer.WaitForNextTickAsync(limit.Token);
        }

        return platform;
    }

    public HttpClient NewClient()
    {
        var client = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(100) };
        client.DefaultRequestHeaders.Authorization = new("Bearer", AdminKey);
        return client;
    }

    /// <summary>Sends JSON, or the content, and gives the answer's JSON; one that is no success is an exception with its text.</summary>
    public async Task<JsonElement> SendAsync(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : body as HttpContent ?? JsonContent.Create(body) };
        using var response = await Api.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        if (!response.IsSuccessStatusCode) throw new InvalidOperationException($"{method} {path}: {(int)response.StatusCode} {text}");
        return text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text);
    }

    /// <summary>Registers a version with the file of one of the samples.</summary>
    public async Task RegisterAsync(string model, string version, string sample)
    {
        await SendAsync(HttpMethod.Post, $"/v1/models/{model}/versions", new { version });
        using var file = new ByteArrayContent(await File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "digits", $"digits-{sample}.onnx")));
        file.Headers.ContentType = new("application/octet-stream");
        await SendAsync(HttpMethod.Put, $"/v1/models/{model}/versions/{version}/artifact", file);
    }

    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        AppHost.Kill(entireProcessTree: true);
        await AppHost.WaitForExitAsync();
        AppHost.Dispose();
        Directory.Delete(data, recursive: true);
    }

    /// <summary>Ready: control calls succeed and all workers are listed.</summary>
    private async Task<bool> IsReadyAsync()
    {
        try
        {
            if (!(await Api.GetAsync("/v1/models")).IsSuccessStatusCode) return false;
            return (await Api.GetFromJsonAsync<JsonElement>("/v1/workers")).GetProperty("items").GetArrayLength() == workers;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            // Not listening yet.
            return false;
        }
    }

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
