using System.Collections.Immutable;
using Platform.Core.Routing;
using Platform.Core.Serving;

namespace Platform.Silo.Models;

/// <summary>The one rollout that may have the model's traffic moved.</summary>
/// <param name="Displaced">What workers held under the new version's number before, to go back to.</param>
internal sealed record ActiveRollout(string Id, string To, DateTimeOffset StartedAt, ImmutableArray<RouteRule> Rules, PlacedVersion? Displaced);

/// <summary>Traffic that goes to more than production alone.</summary>
internal sealed record TrafficSplit(ImmutableArray<PlannedRoute> Routes, ImmutableArray<RouteRule> Rules, ShadowPlan? Shadow)
{
    public bool IsSame(TrafficSplit? other) =>
        other is not null && Shadow == other.Shadow && Rules.Length == other.Rules.Length
        && Routes.Select(Brief).SequenceEqual(other.Routes.Select(Brief));

    private static (string, int, string) Brief(PlannedRoute route) => (route.Version, route.WeightBasisPoints, route.Route);
}
