using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Platform.AppHost.Tests.EndToEnd;

/// <summary>The dashboard and the rules in docs/monitoring, against what running processes expose.</summary>
public sealed partial class MonitoringFileTests(SharedPlatform shared)
{
    private const string InternalKey = "an-internal-key-of-the-end-to-end-tests-01234";
    private const string NoPromtool = "promtool is not on the PATH. These tests need it: apt-get install prometheus, then run them again.";
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "monitoring");

    /// <summary>Prometheus' own, and those of GPUs, which are there only where a GPU is.</summary>
    private static readonly string[] NotOurs = ["up", "hw_gpu_utilization_ratio", "hw_gpu_memory_usage_bytes", "hw_gpu_memory_limit_bytes"];

    [Fact]
    public void Rules_AreAcceptedByPromtool() => Promtool(["check", "rules", Path.Combine(Folder, "rules.yml")]);

    [Fact]
    public void ScrapeConfiguration_IsAcceptedByPromtool() => Promtool(["check", "config", "--syntax-only", Path.Combine(Folder, "prometheus.yml")]);

    [Fact]
    public void Dashboard_HasPanelsWithQueriesThatPromtoolAccepts()
    {
        using var dashboard = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "dashboard.json")));
        var panels = dashboard.RootElement.GetProperty("panels").EnumerateArray().ToArray();
        Assert.Equal(panels.Length, panels.Select(panel => panel.GetProperty("id").GetInt32()).Distinct().Count());
        var expressions = Expressions(panels).ToArray();
        Assert.True(expressions.Length > 10);

        var rules = Path.GetTempFileName();
        try
        {
            var records = expressions.Select((expression, i) => $"      - record: panel:{i}\n        expr: '{Concrete(expression).Replace("'", "''", StringComparison.Ordinal)}'");
            File.WriteAllText(rules, $"groups:\n  - name: dashboard\n    rules:\n{string.Join('\n', records)}\n");
            Promtool(["check", "rules", rules]);
        }
        finally
        {
            File.Delete(rules);
        }
    }

    [Fact]
    public async Task Names_InDashboardAndRules_AreExposedByARunningPlatform()
    {
        var model = $"m-{Guid.NewGuid():n}";
        await DigitsData.DeployAsync(shared.Platform.Api, model, "1.0.0", "1.0.0");
        for (var i = 0; i < 20; i++) await DigitsData.InferAsync(shared.Platform.Api, model, i, 1);
        var exposed = (await ScrapedAsync()).Values.SelectMany(text => Sample().Matches(text).Select(match => match.Groups["name"].Value)).ToHashSet();

        var rules = await File.ReadAllTextAsync(Path.Combine(Folder, "rules.yml"));
        using var dashboard = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(Folder, "dashboard.json")));
        var used = RuleExpression().Matches(rules).Select(match => match.Value)
            .Concat(Expressions(dashboard.RootElement.GetProperty("panels").EnumerateArray()))
            .SelectMany(expression => MetricName().Matches(Braces().Replace(expression, "")).Select(match => match.Value))
            .Distinct().Except(NotOurs).Order().ToArray();

        Assert.Contains("platform_inference_duration_seconds_bucket", used);
        Assert.Empty(used.Except(exposed));
    }

    [Fact]
    public async Task Text_OfEachProcess_IsReadByPrometheusAndHasRealHistograms()
    {
        var model = $"m-{Guid.NewGuid():n}";
        await DigitsData.DeployAsync(shared.Platform.Api, model, "1.0.0", "1.0.0");
        await DigitsData.InferAsync(shared.Platform.Api, model, 0, 1);
        foreach (var (process, text) in await ScrapedAsync())
        {
            // 3: it can be read, and some of the framework's names are not as promtool would have them.
            var (exit, output) = Run(["check", "metrics"], text);
            Assert.True(exit is 0 or 3, $"{process}: {output}");
            foreach (var name in (string[])["dotnet_process_cpu_time_seconds_total", "dotnet_process_memory_working_set_bytes", "dotnet_thread_pool_queue_length_total", "dotnet_gc_pause_time_seconds_total"])
                Assert.Contains($"\n{name}{{", text, StringComparison.Ordinal);
        }

        var api = (await ScrapedAsync())["api"];
        Assert.Matches($$"""platform_inference_duration_seconds_bucket\{[^}]*platform_model="{{model}}"[^}]*le="\+Inf"\} 1""", api);
        Assert.Contains("http_server_request_duration_seconds_bucket", api, StringComparison.Ordinal);
    }

    private async Task<Dictionary<string, string>> ScrapedAsync()
    {
        using var client = new HttpClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", InternalKey);
        var scraped = new Dictionary<string, string> { ["api"] = await shared.Platform.Api.GetStringAsync("/metrics") };
        // Any of a resource's replicas answers at its endpoint; all have the same names, those with traffic the values too.
        scraped["silo"] = await client.GetStringAsync(new Uri(shared.Platform.Endpoint("silo", "http"), "/metrics"));
        var workers = await shared.Platform.Api.GetStringAsync("/v1/workers");
        foreach (var worker in JsonDocument.Parse(workers).RootElement.GetProperty("items").EnumerateArray())
            scraped[worker.GetProperty("id").GetString()!] = await client.GetStringAsync(new Uri(new Uri(worker.GetProperty("address").GetString()!), "/metrics"));
        using var keyless = new HttpClient();
        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, (await keyless.GetAsync(new Uri(shared.Platform.Endpoint("silo", "http"), "/metrics"))).StatusCode);
        return scraped;
    }

    private static IEnumerable<string> Expressions(IEnumerable<JsonElement> panels) => panels
        .Where(panel => panel.TryGetProperty("targets", out _))
        .SelectMany(panel => panel.GetProperty("targets").EnumerateArray()).Select(target => target.GetProperty("expr").GetString()!);

    /// <summary>As Grafana sends it.</summary>
    private static string Concrete(string expression) => expression
        .Replace("$__rate_interval", "1m", StringComparison.Ordinal).Replace("$model", ".*", StringComparison.Ordinal).Replace("$version", ".*", StringComparison.Ordinal);

    private static void Promtool(string[] arguments)
    {
        var (exit, output) = Run(arguments, input: null);
        Assert.True(exit == 0, output);
    }

    private static (int Exit, string Output) Run(string[] arguments, string? input)
    {
        var found = Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "promtool")));
        Assert.True(found, NoPromtool);
        var start = new ProcessStartInfo("promtool", arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var lines = new System.Collections.Concurrent.ConcurrentQueue<string?>();
        process.OutputDataReceived += (_, line) => lines.Enqueue(line.Data);
        process.ErrorDataReceived += (_, line) => lines.Enqueue(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        process.WaitForExit();
        return (process.ExitCode, string.Join('\n', lines));
    }

    [GeneratedRegex(@"^(?<name>[a-z][a-z0-9_]*)[{ ]", RegexOptions.Multiline)]
    private static partial Regex Sample();

    /// <summary>What stands behind "expr:", on its line or indented below it.</summary>
    [GeneratedRegex(@"(?<=expr:)(?: \|)?[^\n]*(?:\n {10,}[^\n]*)*")]
    private static partial Regex RuleExpression();

    [GeneratedRegex(@"\{[^}]*\}|\([a-z_]+(?:, [a-z_]+)*\)(?= )|\[[^\]]*\]")]
    private static partial Regex Braces();

    /// <summary>Functions are followed by a bracket, recorded names have colons.</summary>
    [GeneratedRegex(@"(?<![\w:""])(?:platform|dotnet|http|hw|up|orleans|kestrel)(?:_[a-z0-9_]+)?\b(?![\w:(])")]
    private static partial Regex MetricName();
}
