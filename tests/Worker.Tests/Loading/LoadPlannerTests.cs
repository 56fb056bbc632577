using System.Collections.Immutable;
using Platform.Core.Models;
using Platform.Core.Serving;
using Platform.Worker.Loading;
using Platform.Worker.Serving;

namespace Platform.Worker.Tests.Loading;

public sealed class LoadPlannerTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(6);

    /// <summary>
    /// Versions are "number/bytes/device" with "!" after those that are only kept; what is there also has its state and
    /// its age in seconds.
    /// </summary>
    [Theory]
    [InlineData("", "", "")]
    [InlineData("1/a/Cpu", "", "Load 1/a/Cpu Missing")]
    [InlineData("1/a/Cpu", "1/a/Cpu Ready 1", "")]
    [InlineData("1/a/Cpu", "1/a/Cpu Loading 1", "")]
    [InlineData("", "1/a/Cpu Ready 1", "Retire 1/a/Cpu NotWanted")]
    [InlineData("", "1/a/Cpu Unloading 5", "")]
    [InlineData("", "1/a/Cpu Unloading 6", "Unload 1/a/Cpu UnloadDelayPassed")]
    [InlineData("1/a/Cpu", "1/a/Cpu Unloading 6", "Restore 1/a/Cpu WantedAgain")]
    [InlineData("1/a/Cpu", "1/a/Cpu Failed 0", "")]
    [InlineData("1/a/Cpu", "1/a/Cpu Failed 1", "Load 1/a/Cpu RetryDue")]
    [InlineData("", "1/a/Cpu Failed 0", "Unload 1/a/Cpu FailedAndNotWanted")]
    [InlineData("1/a/Cpu!", "", "")]
    [InlineData("1/a/Cpu!", "1/a/Cpu Ready 99", "")]
    [InlineData("1/a/Cpu!", "1/a/Cpu Failed 99", "Unload 1/a/Cpu FailedAndNotWanted")]
    [InlineData("1/b/Cpu", "1/a/Cpu Ready 1", "Load 1/b/Cpu Missing")]
    [InlineData("1/b/Cpu", "1/a/Cpu Ready 1,1/b/Cpu Failed 0", "")]
    [InlineData("1/b/Cpu", "1/a/Cpu Ready 1,1/b/Cpu Ready 0", "Unload 1/a/Cpu Superseded")]
    [InlineData("1/a/Cuda", "1/a/Cpu Ready 1", "Load 1/a/Cuda Missing")]
    [InlineData("1/a/Cpu,2/b/Cpu", "1/a/Cpu Ready 1,3/c/Cpu Ready 1,4/d/Cpu Unloading 7",
        "Retire 3/c/Cpu NotWanted,Unload 4/d/Cpu UnloadDelayPassed,Load 2/b/Cpu Missing")]
    public void Decide_DesiredAndActual_GivesTheStepsInOrder(string desired, string actual, string expected)
    {
        var steps = LoadPlanner.Decide([.. Split(desired).Select(Desired)], [.. Split(actual).Select(Actual)], Now, Delay);
        Assert.Equal(expected, string.Join(',', steps.Select(step => $"{step.Kind} {step.Id.Version}/{step.Id.Sha256}/{step.Id.Device} {step.Reason}")));
    }

    [Fact]
    public void Decide_ConfigThatNeedsNoNewSession_IsOnlyAdopted()
    {
        var desired = Desired("1/a/Cpu");
        desired = desired with { Placed = desired.Placed with { Config = desired.Placed.Config with { Limits = new ServingLimits(MaxQueue: 1) } } };
        var step = Assert.Single(LoadPlanner.Decide([desired], [Actual("1/a/Cpu Ready 1")], Now, Delay));
        Assert.Equal((StepKind.Reconfigure, StepReason.ConfigChanged), (step.Kind, step.Reason));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(5, 16)]
    [InlineData(7, 60)]
    [InlineData(5000, 60)]
    public void Backoff_Failures_GrowsToAMinute(int failures, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), LoadPlanner.Backoff(failures));

    private static string[] Split(string list) => list.Split(',', StringSplitOptions.RemoveEmptyEntries);

    private static DesiredVersion Desired(string text)
    {
        var id = Id(text.TrimEnd('!'));
        return new(id, Placed(id), LoadsHere: !text.EndsWith('!'));
    }

    private static ActualVersion Actual(string text)
    {
        var parts = text.Split(' ');
        var id = Id(parts[0]);
        var state = Enum.Parse<LoadState>(parts[1]);
        var since = Now.AddSeconds(-int.Parse(parts[2], System.Globalization.CultureInfo.InvariantCulture));
        return new(id, state, Placed(id).Config, since, Failures: state == LoadState.Failed ? 1 : 0);
    }

    private static VersionId Id(string text)
    {
        var parts = text.Split('/');
        return new("m", parts[0], parts[1], Enum.Parse<Device>(parts[2]));
    }

    internal static PlacedVersion Placed(VersionId id) => new(
        id.Version,
        new ArtifactInfo(1, id.Sha256, true, null),
        new ModelSignature([], [], "", ImmutableDictionary<string, long>.Empty, ImmutableDictionary<string, string>.Empty),
        new DeploymentConfig(id.Device));
}
