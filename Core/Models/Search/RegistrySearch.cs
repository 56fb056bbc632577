using System.Collections.Immutable;
using Platform.Core.Results;

namespace Platform.Core.Models.Search;

/// <summary>
/// Lists by keyset: a page begins behind the last item of the one before, wherever that is by now, so that items which
/// come or go meanwhile neither repeat nor hide others. One pass over all items, a heap of one page beside it.
/// </summary>
public static class RegistrySearch
{
    /// <param name="pageToken">The token of the page before; null for the first.</param>
    public static Outcome<Page<VersionSummary>> Versions(
        IEnumerable<IndexedVersion> versions, SearchQuery query, int pageSize, string? pageToken)
    {
        var matcher = new SearchMatcher(query);
        return PageOf(
            versions, matcher.Matches, version => version.KeyFor(query.Order), version => version.Summary, query.Order, pageSize, pageToken);
    }

    /// <param name="pageToken">The token of the page before; null for the first.</param>
    public static Outcome<Page<ModelSummary>> Models(
        IEnumerable<IndexedModel> models, SearchQuery query, int pageSize, string? pageToken)
    {
        var matcher = new SearchMatcher(query);
        return PageOf(models, matcher.Matches, model => model.KeyFor(query.Order), model => model.Summary, query.Order, pageSize, pageToken);
    }

    private static Outcome<Page<TView>> PageOf<T, TView>(
        IEnumerable<T> items,
        Func<T, bool> matches,
        Func<T, SortKey> keyOf,
        Func<T, TView> view,
        SearchOrder order,
        int pageSize,
        string? pageToken)
    {
        var after = pageToken is null ? null : PageToken.TryRead(pageToken, order);
        if (pageToken is not null && after is null)
            return Refusal.Invalid("page_token", "Give the next_page_token of the page before, unchanged and with the same order_by.");

        var comparer = new SortKeyComparer(order);
        // The heap's head is the last of the page so far; one more than the page tells whether another page follows.
        var heap = new PriorityQueue<T, SortKey>(pageSize + 1, Comparer<SortKey>.Create((x, y) => comparer.Compare(y, x)));
        foreach (var item in items)
        {
            var key = keyOf(item);
            if (after is { } start && comparer.Compare(key, start) <= 0) continue;
            if (heap.Count > pageSize && heap.TryPeek(out _, out var last) && comparer.Compare(key, last) >= 0) continue;
            // Matching reads texts; it comes last, when the item would be on the page.
            if (!matches(item)) continue;
            if (heap.Count > pageSize) heap.DequeueEnqueue(item, key);
            else heap.Enqueue(item, key);
        }

        return Drain(heap, view, order, pageSize);
    }

    private static Page<TView> Drain<T, TView>(PriorityQueue<T, SortKey> heap, Func<T, TView> view, SearchOrder order, int pageSize)
    {
        var more = heap.Count > pageSize;
        if (more) heap.Dequeue();
        string? token = null;
        var page = new TView[heap.Count];
        for (var i = heap.Count - 1; i >= 0; i--)
        {
            heap.TryDequeue(out var item, out var key);
            if (more) token ??= PageToken.Write(order, key);
            page[i] = view(item!);
        }

        return new(ImmutableArray.Create(page), token);
    }
}
