using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Platform.Core.Rollouts;

/// <summary>Requests that go to the new version before the weights are asked. One of equals, prefix, matches (with a header) or keys.</summary>
/// <param name="Matches">A regular expression without look-around and back-references.</param>
/// <param name="Keys">Routing keys; only their fingerprints are kept.</param>
public sealed record RolloutRuleRequest(
    string? Header = null, [property: JsonPropertyName("equals")] string? EqualTo = null, string? Prefix = null, string? Matches = null,
    ImmutableArray<string>? Keys = null);

/// <summary>A rollout as somebody asks for it.</summary>
/// <param name="To">The version to roll out: a number, a range or a tag.</param>
/// <param name="Steps">Of a canary the weights and holds; of a shadow the share that is mirrored, once.</param>
/// <param name="MaxWait">How long a step waits for evidence after its hold before it pauses for a person; 1h.</param>
/// <param name="Deadline">Unfinished after this long, it is rolled back; left out, never.</param>
/// <param name="KeepPrevious">How long the old version stays loaded after the switch; left out, until it is undeployed.</param>
public sealed record RolloutRequest(
    string? To = null, RolloutStrategy Strategy = RolloutStrategy.Canary, ImmutableArray<RolloutStep>? Steps = null,
    RolloutAnalysis? Analysis = null, bool AutoPromote = false, ImmutableArray<RolloutRuleRequest>? Rules = null,
    TimeSpan? MaxWait = null, TimeSpan? Deadline = null, TimeSpan? KeepPrevious = null);
