using Platform.Core.Serving;

namespace Platform.Core.Routing;

/// <summary>Why a request goes where it goes.</summary>
public enum RouteReason
{
    /// <summary>The request named the version.</summary>
    NamedVersion,

    /// <summary>A header fitted a rule.</summary>
    HeaderRule,

    /// <summary>The routing key is in a rule's list.</summary>
    KeyRule,

    /// <summary>There is one route only.</summary>
    OnlyRoute,

    /// <summary>The routing key's slot.</summary>
    StickyKey,

    /// <summary>A random slot, for want of a key.</summary>
    RandomDraw,

    /// <summary>Refused: nothing is in production.</summary>
    NothingInProduction,

    /// <summary>Refused: no worker is to hold that version.</summary>
    NotDeployed,
}

/// <summary>What the router may know of a request.</summary>
/// <param name="Version">The version that it names, if any.</param>
/// <param name="RoutingKey">The caller's routing key, if any.</param>
/// <param name="Header">Looks up a header's value; null where there are none.</param>
public readonly record struct RouteRequest(string? Version, string? RoutingKey, Func<string, string?>? Header = null);

/// <summary>Who is to answer, and why.</summary>
/// <param name="Placed">Null when the request is refused.</param>
public sealed record RouteDecision(PlacedVersion? Placed, string Route, RouteReason Reason);
