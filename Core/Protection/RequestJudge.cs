namespace Platform.Core.Protection;

/// <summary>What was found against a request: the first reason, or null, and for people what it was.</summary>
public readonly record struct Finding(ProtectionReason Reason, string Detail);

/// <summary>Holds the items of a request against the policy and the reference.</summary>
public static class RequestJudge
{
    /// <summary>Chance that a clean request is found, of however many items.</summary>
    public const double RequestFalsePositives = 0.01;

    /// <summary>How far beyond the reference's bounds a number may be, as a share of what they span: rounding is no attack.</summary>
    private const double BoundSlack = 0.01;

    /// <summary>Not a number, out of range, another shape. Needs no reference for what the policy itself says.</summary>
    public static Finding? CheckInputs(InputCheck check, ReferenceProfile? reference, IReadOnlyList<ItemFacts> items)
    {
        foreach (var item in items)
        {
            for (var i = 0; i < item.Inputs.Length; i++)
            {
                var span = item.Inputs[i];
                if (!span.IsFinite) return new(ProtectionReason.NotFinite, "an input holds NaN or an infinity");
                var known = reference?.Inputs is { } inputs && i < inputs.Length ? inputs[i] : null;
                var slack = known is null ? 0 : (known.Max - known.Min) * BoundSlack;
                if (span.Elements > 0 && (span.Min < (check.Min ?? known?.Min - slack) || span.Max > (check.Max ?? known?.Max + slack)))
                    return new(ProtectionReason.OutOfRange, "an input holds numbers outside of the version's range");
                if (known is not null && (span.Elements < known.MinElements || span.Elements > known.MaxElements))
                    return new(ProtectionReason.Shape, "an item has a size that none of the reference has");
            }
        }

        return null;
    }

    /// <summary>
    /// Items are clean with a chance of <see cref="ReferenceProfile.FalsePositives"/> to be outside; as many must be that this
    /// is no chance any more, or one must be far out.
    /// </summary>
    public static Finding? CheckDistance(ReferenceProfile reference, IReadOnlyList<ItemFacts> items)
    {
        var outside = 0;
        foreach (var item in items)
        {
            var distance = reference.DistanceOf(item.Features);
            // What is no number has no distance, and is like nothing in the reference.
            if (double.IsNaN(distance) || distance > reference.Far) return Far();
            if (distance > reference.Threshold) outside++;
        }

        return outside > 0 && outside >= LeastOutside(items.Count) ? Far() : null;
    }

    public static bool IsOutside(ReferenceProfile reference, ItemFacts item) => !(reference.DistanceOf(item.Features) <= reference.Threshold);

    /// <summary>Items outside that a clean request of so many has with a chance of at most <see cref="RequestFalsePositives"/>.</summary>
    public static int LeastOutside(int items)
    {
        var (p, term) = (ReferenceProfile.FalsePositives, Math.Pow(1 - ReferenceProfile.FalsePositives, items));
        var (count, tail) = (0, 1.0);
        while (tail > RequestFalsePositives && count <= items)
        {
            tail -= term;
            term *= (items - count) / (count + 1.0) * (p / (1 - p));
            count++;
        }

        return count;
    }

    private static Finding Far() => new(ProtectionReason.Distance, "the inputs are unlike those of the version's reference");
}
