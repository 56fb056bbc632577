using System.Diagnostics.Metrics;
using System.Threading.Channels;
using Microsoft.Extensions.Options;
using Platform.Api.Access;
using Platform.Api.Serving;
using Platform.Core.Protection;
using Platform.Core.Serving;
using Platform.ServiceDefaults;
using Platform.SharedState.Protection;

namespace Platform.Api.Protection;

/// <summary>Watches what callers ask of versions that want it, behind the answers and one after another.</summary>
internal sealed partial class QueryWatch : BackgroundService, IAnswerObserver
{
    private readonly Channel<Asked> waiting;
    private readonly Dictionary<(string Caller, string Model, string Version), (QueryMonitor Monitor, long LastAsked)> monitors = [];
    private readonly FindingCounts findings;
    private readonly ThrottleGate gate;
    private readonly MonitorOptions options;
    private readonly TimeProvider clock;
    private readonly ILogger<QueryWatch> logger;
    private readonly Counter<long> dropped;
    private readonly Counter<long> found;

    public QueryWatch(
        FindingCounts findings, ThrottleGate gate, IOptions<MonitorOptions> options, IMeterFactory meters, TimeProvider clock, ILogger<QueryWatch> logger)
    {
        (this.findings, this.gate, this.options, this.clock, this.logger) = (findings, gate, options.Value, clock, logger);
        waiting = Channel.CreateBounded<Asked>(new BoundedChannelOptions(this.options.MaxWaiting) { SingleReader = true });
        var meter = meters.Create(TelemetryNames.Meter);
        dropped = meter.CreateCounter<long>(TelemetryNames.ProtectionDropped, "{request}", "Questions that could not be watched.");
        found = meter.CreateCounter<long>(TelemetryNames.ProtectionFindings, "{request}", "Callers that were found out.");
    }

    public void Answered(InferenceCall call, PlacedVersion? version, string route, InferenceAnswer? answer, TimeSpan elapsed)
    {
        if (answer?.Queries is not { } queries || version?.Config.Protection?.Extraction is not { Mode: not ProtectionMode.Off } check) return;
        if (call.Caller.CallerId() is not { } caller) return;
        if (!waiting.Writer.TryWrite(new(caller, call.Model, version.Version, check, queries)))
            dropped.Add(1, new(TelemetryNames.ModelTag, call.Model), new(TelemetryNames.VersionTag, version.Version));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var asked in waiting.Reader.ReadAllAsync(stoppingToken)) await LookAsync(asked);
    }

    private async Task LookAsync(Asked asked)
    {
        var monitor = MonitorOf((asked.Caller, asked.Model, asked.Version));
        foreach (var query in QuerySketch.Decode(asked.Queries))
        {
            if (monitor.Observe(query) is QueryVerdict.Clean) continue;
            findings.Add(asked.Model, asked.Version, ProtectionReason.Extraction);
            found.Add(
                1, new(TelemetryNames.ModelTag, asked.Model), new(TelemetryNames.VersionTag, asked.Version),
                new(TelemetryNames.ReasonTag, ProtectionReason.Extraction.ToName()), new(TelemetryNames.ModeTag, asked.Check.Mode is ProtectionMode.Enforce ? "enforce" : "observe"));
            LogFound(asked.Caller, asked.Model, asked.Version, monitor.Queries);
            if (asked.Check.Mode is not ProtectionMode.Enforce) continue;
            await gate.ThrottleAsync(new(asked.Model, asked.Caller, clock.GetUtcNow() + (asked.Check.Throttle ?? ExtractionCheck.DefaultThrottle)));
        }
    }

    private QueryMonitor MonitorOf((string Caller, string Model, string Version) key)
    {
        var monitor = monitors.TryGetValue(key, out var known) ? known.Monitor : new QueryMonitor(options.MaxQueries);
        if (monitors.Count >= options.MaxCallers && !monitors.ContainsKey(key)) monitors.Remove(monitors.MinBy(one => one.Value.LastAsked).Key);
        monitors[key] = (monitor, clock.GetTimestamp());
        return monitor;
    }

    [LoggerMessage(LogLevel.Warning, "Caller {Caller} asks {Model} {Version} as if to copy it ({Queries} questions so far).")]
    private partial void LogFound(string caller, string model, string version, long queries);

    private sealed record Asked(string Caller, string Model, string Version, ExtractionCheck Check, string Queries);
}
