using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using Platform.Core.Models;
using Platform.SharedState;
using Platform.SharedState.Plans;

namespace Platform.Api.Inference;

/// <summary>Knows the number of every deployed version, for clients that insist on whole numbers; idle unless they are wanted.</summary>
internal sealed partial class VersionAliases(
    PlanFollower plans, VersionNumbers numbers, IOptions<CompatibilityOptions> options, ILogger<VersionAliases> logger)
    : BackgroundService
{
    private static readonly TimeSpan RetryPeriod = TimeSpan.FromSeconds(1);
    private readonly SemaphoreSlim wake = new(0);
    private ImmutableDictionary<string, ImmutableDictionary<string, int>> byModel = ImmutableDictionary<string, ImmutableDictionary<string, int>>.Empty;

    public bool AreOn => options.Value.TritonCompatibility;

    /// <summary>What a version is called towards clients: its number where those are wanted, else itself.</summary>
    public string NameOf(string model, string version) => AreOn && byModel.TryGetValue(model, out var known) && known.TryGetValue(version, out var number)
        ? number.ToString(System.Globalization.CultureInfo.InvariantCulture)
        : version;

    /// <summary>The version that a client means: numbers are looked up where they are wanted.</summary>
    public string? Resolve(string model, string? asked) =>
        AreOn && int.TryParse(asked, out var number) && byModel.TryGetValue(model, out var known)
            ? known.FirstOrDefault(one => one.Value == number).Key ?? asked
            : asked;

    public override void Dispose()
    {
        wake.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!AreOn) return;
        plans.Changed += () => wake.Release();
        while (true)
        {
            var isLost = !await TryAssignAsync();
            await wake.WaitAsync(isLost ? RetryPeriod : Timeout.InfiniteTimeSpan, stoppingToken);
        }
    }

    private async Task<bool> TryAssignAsync()
    {
        try
        {
            foreach (var plan in plans.Plans.Values)
            {
                var inOrder = plan.Versions.Select(version => version.Version).Order(Comparer<string>.Create(VersionNumber.Compare)).ToArray();
                byModel = byModel.SetItem(plan.Model, await numbers.AssignAsync(plan.Model, inOrder));
            }

            return true;
        }
        catch (Exception e) when (RedisFault.Is(e))
        {
            LogNotAssigned(RedisFault.Describe(e));
            return false;
        }
    }

    [LoggerMessage(LogLevel.Warning, "Versions could not be numbered ({Reason}); it is tried again.")]
    private partial void LogNotAssigned(string reason);
}
