using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Platform.Core.Protection;

namespace Platform.Api.Protection;

/// <param name="Policy">What the deployment says; null where the version is not deployed, or says nothing.</param>
/// <param name="Reference">What requests are held against; null until enough of them have come.</param>
/// <param name="Findings">By reason, in the window.</param>
/// <param name="Throttled">Callers of the model that are slowed down now.</param>
public sealed record ProtectionResponse(
    string Model, string Version, TimeSpan Window, ProtectionConfig? Policy,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] ProtectionReferenceResponse? Reference,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] SqueezeThresholds? Squeezing,
    ImmutableSortedDictionary<string, long> Findings, ImmutableArray<ThrottledResponse> Throttled);

/// <param name="DistanceThreshold">A clean item is beyond it with a chance of <see cref="ReferenceProfile.FalsePositives"/>.</param>
public sealed record ProtectionReferenceResponse(
    string Source, DateTimeOffset At, int Items, double DistanceThreshold, double FalsePositiveRate, ImmutableArray<InputBounds> Inputs);

public sealed record ThrottledResponse(string Caller, DateTimeOffset Until);
