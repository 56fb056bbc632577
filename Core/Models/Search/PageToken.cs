using System.Text.Json;

namespace Platform.Core.Models.Search;

/// <summary>Where a page ended: the last item's sort key and identity, and the order they belong to.</summary>
internal sealed record PageToken(string Order, long Ticks, double? Metric, string Model, string? Version)
{
    public static string Write(SearchOrder order, SortKey last) => JsonSerializer.Serialize(
        new PageToken(order.ToString(), last.Ticks, last.Metric, last.Model, last.Version?.ToString()), PlatformJson.Options);

    /// <summary>Null if the text is no token of a list in this order.</summary>
    public static SortKey? TryRead(string text, SearchOrder order)
    {
        try
        {
            if (JsonSerializer.Deserialize<PageToken>(text, PlatformJson.Options) is not { Model: not null } token) return null;
            if (token.Order != order.ToString()) return null;
            if (token.Version is null) return new SortKey(token.Ticks, token.Metric, token.Model, Version: null);
            return VersionNumber.TryParse(token.Version, out var version)
                ? new SortKey(token.Ticks, token.Metric, token.Model, version)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
