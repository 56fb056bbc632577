using System.Collections.Immutable;
using Platform.Core.Serving;

namespace Platform.Core.Routing;

/// <summary>Where a request goes. Pure: the same plan, request and random number give the same answer.</summary>
public static class Router
{
    /// <param name="random">A random number in [0, 1), used when there is no routing key.</param>
    public static RouteDecision Decide(ModelPlan plan, in RouteRequest request, double random)
    {
        if (request.Version is { } named) return To(plan, named, PlannedRoute.Stable, RouteReason.NamedVersion);
        if (plan.Routes.IsEmpty) return new(null, PlannedRoute.Stable, RouteReason.NothingInProduction);
        if (Rule(plan, request) is var (ruled, reason)) return To(plan, ruled.Version, ruled.Route, reason);
        if (plan.Routes is [var only]) return To(plan, only.Version, only.Route, RouteReason.OnlyRoute);
        // An experiment whose units are requests draws for each, or one busy caller would be an arm of its own.
        var key = string.IsNullOrEmpty(request.RoutingKey) || plan.Experiment is { ByRequest: true } ? null : request.RoutingKey;
        var chosen = AtSlot(plan.Routes, key is null ? (int)(random * SlotTable.Slots) : RoutingKey.Slot(key, plan.KeySalt));
        return To(plan, chosen.Version, chosen.Route, key is null ? RouteReason.RandomDraw : RouteReason.StickyKey);
    }

    private static RouteDecision To(ModelPlan plan, string version, string route, RouteReason reason) =>
        plan.Find(version) is { } placed ? new(placed, route, reason) : new(null, route, RouteReason.NotDeployed);

    private static (PlannedRoute Route, RouteReason Reason)? Rule(ModelPlan plan, in RouteRequest request)
    {
        if (plan.Rules is not { IsDefaultOrEmpty: false } rules) return null;
        var key = request.RoutingKey;
        var fingerprint = new Lazy<string?>(() => string.IsNullOrEmpty(key) ? null : RoutingKey.Fingerprint(key, plan.KeySalt));
        foreach (var rule in rules)
        {
            if (rule.Fit(request, fingerprint) is not { } reason) continue;
            if (plan.Routes.FirstOrDefault(route => route.Route == rule.Route) is { } target) return (target, reason);
        }

        return null;
    }

    private static PlannedRoute AtSlot(ImmutableArray<PlannedRoute> routes, int slot)
    {
        foreach (var route in routes)
        {
            foreach (var range in SlotTable.Ranges(routes, route))
            {
                if (slot >= range.From && slot < range.From + range.Count) return route;
            }
        }

        // A stored plan whose weights do not reach 10,000: what is left over is the first route's.
        return routes[0];
    }
}
