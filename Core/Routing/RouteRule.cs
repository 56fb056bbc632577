using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Platform.Core.Serving;

namespace Platform.Core.Routing;

/// <summary>
/// Sends the requests that it fits to a route before the weights are asked: by a header that equals, begins with or
/// matches something, or by a routing key in a list. Exactly one of the four ways is set.
/// </summary>
/// <param name="Route">"stable", "canary" or "arm:…": one of the plan's routes, even one at weight 0.</param>
/// <param name="Header">Name of the header, for the first three ways.</param>
/// <param name="Matches">A regular expression of the linear-time kind.</param>
/// <param name="Keys">Fingerprints of routing keys, never the keys themselves.</param>
public sealed record RouteRule(
    string Route, string? Header = null, string? EqualTo = null, string? Prefix = null, string? Matches = null,
    ImmutableArray<string>? Keys = null)
{
    /// <summary>Without backtracking, so that no caller can slow the front door down.</summary>
    internal static readonly RegexOptions MatchOptions = RegexOptions.CultureInvariant | RegexOptions.NonBacktracking;

    /// <summary>Why the rule fits, or null if it does not.</summary>
    internal RouteReason? Fit(in RouteRequest request, Lazy<string?> fingerprint)
    {
        if (Keys is { } keys) return fingerprint.Value is { } own && keys.Contains(own) ? RouteReason.KeyRule : null;
        if (Header is null || request.Header?.Invoke(Header) is not { } value) return null;
        return FitsHeader(value) ? RouteReason.HeaderRule : null;
    }

    private bool FitsHeader(string value)
    {
        if (EqualTo is not null) return value == EqualTo;
        if (Prefix is not null) return value.StartsWith(Prefix, StringComparison.Ordinal);
        return Matches is not null && Regex.IsMatch(value, Matches, MatchOptions);
    }
}
