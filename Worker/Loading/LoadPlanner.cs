using System.Collections.Immutable;
using Platform.Core.Serving;
using Platform.Worker.Serving;

namespace Platform.Worker.Loading;

/// <summary>A version that this worker deals with.</summary>
/// <param name="Since">When it came into this state.</param>
/// <param name="Failures">Loads that failed one after another.</param>
internal sealed record ActualVersion(
    VersionId Id, LoadState State, DeploymentConfig Config, DateTimeOffset Since, int Failures = 0, string? Reason = null);

internal enum StepReason
{
    Missing,
    RetryDue,
    ConfigChanged,
    WantedAgain,
    NotWanted,
    UnloadDelayPassed,
    Superseded,
    FailedAndNotWanted,
}

internal enum StepKind
{
    /// <summary>Serve on under another config.</summary>
    Reconfigure,

    /// <summary>Serve on as if it had never been unwanted.</summary>
    Restore,

    /// <summary>Say that it will go, and answer those who have not heard.</summary>
    Retire,

    /// <summary>Free it after its last request.</summary>
    Unload,

    Load,
}

/// <param name="Placed">What the plan says; null where no plan wants the version.</param>
internal sealed record LoadStep(StepKind Kind, VersionId Id, PlacedVersion? Placed, StepReason Reason);

/// <summary>What to do so that what is loaded becomes what is wanted.</summary>
internal static class LoadPlanner
{
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromMinutes(1);

    /// <summary>In the order to take them: what is instant first, then what frees memory, then what takes it.</summary>
    public static ImmutableArray<LoadStep> Decide(
        IReadOnlyCollection<DesiredVersion> desired, IReadOnlyCollection<ActualVersion> actual, DateTimeOffset now, TimeSpan unloadDelay)
    {
        var actualById = actual.ToDictionary(version => version.Id);
        var desiredById = desired.ToDictionary(version => version.Id);
        var steps = desired.Select(wish => ForWanted(wish, actualById.GetValueOrDefault(wish.Id), now))
            .Concat(actual.Where(version => !desiredById.ContainsKey(version.Id))
                .Select(version => ForUnwanted(version, desired, actualById, now, unloadDelay)));
        return [.. steps.OfType<LoadStep>().OrderBy(step => step.Kind)];
    }

    /// <summary>1 s, 2 s, 4 s … one minute.</summary>
    public static TimeSpan Backoff(int failures) =>
        TimeSpan.FromSeconds(Math.Min(LongestBackoff.TotalSeconds, Math.Pow(2, failures - 1)));

    private static LoadStep? ForWanted(DesiredVersion wish, ActualVersion? found, DateTimeOffset now)
    {
        if (found is null) return wish.LoadsHere ? new(StepKind.Load, wish.Id, wish.Placed, StepReason.Missing) : null;
        if (found.State == LoadState.Failed)
        {
            if (!wish.LoadsHere) return new(StepKind.Unload, wish.Id, null, StepReason.FailedAndNotWanted);
            return now - found.Since >= Backoff(found.Failures) ? new(StepKind.Load, wish.Id, wish.Placed, StepReason.RetryDue) : null;
        }

        if (found.State == LoadState.Unloading) return new(StepKind.Restore, wish.Id, wish.Placed, StepReason.WantedAgain);
        return found.Config != wish.Placed.Config ? new(StepKind.Reconfigure, wish.Id, wish.Placed, StepReason.ConfigChanged) : null;
    }

    private static LoadStep? ForUnwanted(
        ActualVersion found,
        IEnumerable<DesiredVersion> desired,
        Dictionary<VersionId, ActualVersion> actual,
        DateTimeOffset now,
        TimeSpan unloadDelay)
    {
        if (found.State == LoadState.Failed) return new(StepKind.Unload, found.Id, null, StepReason.FailedAndNotWanted);
        var successor = desired.FirstOrDefault(wish => wish.Id.Model == found.Id.Model && wish.Id.Version == found.Id.Version);
        if (successor is not null)
        {
            // The same version number under other bytes or on another device: the old one serves until the new one can.
            return actual.GetValueOrDefault(successor.Id)?.State == LoadState.Ready
                ? new(StepKind.Unload, found.Id, null, StepReason.Superseded)
                : null;
        }

        if (found.State != LoadState.Unloading) return new(StepKind.Retire, found.Id, null, StepReason.NotWanted);
        return now - found.Since >= unloadDelay ? new(StepKind.Unload, found.Id, null, StepReason.UnloadDelayPassed) : null;
    }
}
