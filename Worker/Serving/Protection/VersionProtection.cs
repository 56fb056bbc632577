using Platform.Core.Protection;
using Platform.SharedState.Protection;

namespace Platform.Worker.Serving.Protection;

/// <summary>What a version's requests are held against, and until that is known what it is to be made of.</summary>
internal sealed class VersionProtection
{
    private readonly Lock gate = new();
    private volatile ProtectionReference reference = new(null, null);
    private List<ItemFacts>? items = [];
    private List<double>? scores = [];

    public ProtectionReference Reference => reference;

    public void Adopt(ProtectionReference next)
    {
        lock (gate)
        {
            reference = next;
            // What is known needs no more to be made of; what was forgotten elsewhere does again.
            items = next.Profile is null ? items ?? [] : null;
            scores = next.Squeezing is null ? scores ?? [] : null;
        }
    }

    /// <summary>Takes the items of an answered request, up to so many in all.</summary>
    public void Learn(IReadOnlyList<ItemFacts> facts, int most)
    {
        lock (gate)
        {
            if (items is null) return;
            foreach (var item in facts)
            {
                // Items of another make-up, as free dimensions allow, cannot be compared.
                if (items.Count >= most || !item.Inputs.All(input => input.IsFinite)) return;
                if (items.Count == 0 || items[0].Features.Length == item.Features.Length) items.Add(item);
            }
        }
    }

    public void Learn(double score)
    {
        lock (gate)
        {
            if (scores is { Count: < SqueezeThresholds.MinItems }) scores.Add(score);
        }
    }

    /// <summary>The items, once there are that many.</summary>
    public IReadOnlyList<ItemFacts>? Items(int least)
    {
        lock (gate) return items?.Count >= least ? [.. items] : null;
    }

    /// <summary>The squeezing scores, once there are enough.</summary>
    public IReadOnlyList<double>? Scores()
    {
        lock (gate) return scores?.Count >= SqueezeThresholds.MinItems ? [.. scores] : null;
    }
}
