using System.Collections.Immutable;
using Platform.Core.Serving;

namespace Platform.Core.Routing;

/// <summary>Slots from <paramref name="From"/> on, <paramref name="Count"/> of them.</summary>
public sealed record SlotRange(int From, int Count);

/// <summary>
/// Which route owns which of 10,000 slots. A change of weights starts from the slots as they are: routes whose weight
/// fell give up just what they lose, and routes whose weight rose take just that. With three routes and more, no rule
/// that looks at the new weights alone can do this, so the slots are part of the plan.
/// </summary>
public static class SlotTable
{
    public const int Slots = 10_000;

    /// <summary>The wanted routes, each with as many slots as its weight, and as few slots changing hands as can be.</summary>
    /// <param name="before">The routes as they are, with their slots; of another version under the same name keeps its slots.</param>
    /// <param name="wanted">Weights that sum to 10,000.</param>
    public static ImmutableArray<PlannedRoute> Assign(ImmutableArray<PlannedRoute> before, ImmutableArray<PlannedRoute> wanted)
    {
        var owners = new int[Slots];
        Array.Fill(owners, -1);
        var missing = wanted.Select(route => route.WeightBasisPoints).ToArray();
        foreach (var (range, route) in before.SelectMany(route => Ranges(before, route).Select(range => (range, route.Route))))
        {
            var owner = wanted.IndexOf(wanted.FirstOrDefault(candidate => candidate.Route == route)!);
            for (var slot = range.From; owner >= 0 && slot < range.From + range.Count && missing[owner] > 0; slot++)
            {
                owners[slot] = owner;
                missing[owner]--;
            }
        }

        var next = 0;
        for (var slot = 0; slot < Slots; slot++)
        {
            if (owners[slot] >= 0) continue;
            while (next < missing.Length && missing[next] == 0) next++;
            if (next == missing.Length) break;
            owners[slot] = next;
            missing[next]--;
        }

        return [.. wanted.Select((route, index) => route with { Slots = RangesOf(owners, index) })];
    }

    /// <summary>A route's slots; a plan of before, which has none, shares them out in the order of its routes.</summary>
    internal static ImmutableArray<SlotRange> Ranges(ImmutableArray<PlannedRoute> routes, PlannedRoute route) =>
        route.Slots ?? [new SlotRange(routes.TakeWhile(other => !ReferenceEquals(other, route)).Sum(other => other.WeightBasisPoints), route.WeightBasisPoints)];

    private static ImmutableArray<SlotRange> RangesOf(int[] owners, int owner)
    {
        var ranges = ImmutableArray.CreateBuilder<SlotRange>();
        for (var slot = 0; slot < Slots; slot++)
        {
            if (owners[slot] != owner) continue;
            var from = slot;
            while (slot < Slots && owners[slot] == owner) slot++;
            ranges.Add(new SlotRange(from, slot - from));
        }

        return ranges.ToImmutable();
    }
}
