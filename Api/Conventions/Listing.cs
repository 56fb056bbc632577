using Platform.Core.Models.Search;
using Platform.Core.Results;

namespace Platform.Api.Conventions;

/// <summary>What a list asks for: filters, order and page.</summary>
internal sealed record Listing(SearchQuery Query, int PageSize, string? PageToken)
{
    /// <summary>Reads the query string; a filter that nobody knows is refused.</summary>
    public static Outcome<Listing> Read(HttpRequest request, SearchTarget target, int? pageSize, string? pageToken)
    {
        if (Paging.Refuse(pageSize, pageToken) is { } refusal) return refusal;
        var pairs = request.Query.SelectMany(pair => pair.Value.Select(value => KeyValuePair.Create(pair.Key, value)));
        return SearchQueryParser.Parse(pairs, target).Succeeded(out var query, out var invalid)
            ? new Listing(query, pageSize ?? Paging.DefaultSize, Paging.Decode(pageToken))
            : invalid;
    }

    public static IResult Answer<T, TItem>(Outcome<Page<T>> outcome, Func<T, TItem> view) =>
        outcome.Succeeded(out var page, out var refusal)
            ? Results.Ok(new ListResponse<TItem>([.. page.Items.Select(view)], Paging.Encode(page.NextPageToken)))
            : refusal.ToResult();
}
