using System.Collections.Immutable;
using Platform.Core.Jobs;
using Platform.Core.Models;
using Platform.Core.Serving;

namespace Platform.Core.Tests.Jobs;

internal static class JobSamples
{
    public static readonly DateTimeOffset Start = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);

    public static readonly TimeSpan InputWait = TimeSpan.FromHours(1);

    public static readonly JobLimits Limits = new(InputWait, MaxShardsAside: 2);

    public static JobConfig Config { get; } = new("digits", null, "jsonl", null, "jsonl", null, 5, null);

    public static PlacedVersion Version { get; } = new(
        "1.0.0", new ArtifactInfo(1, new('a', 64), true, null),
        new ModelSignature([], [], "", ImmutableDictionary<string, long>.Empty, ImmutableDictionary<string, string>.Empty), new DeploymentConfig());

    public static JobState Created(JobConfig? config = null) => JobState.Create("j", config ?? Config, null, "ann", Start);

    public static JobState Running(JobConfig? config = null) => Created(config).Enqueue().Start(Version, Start);
}
