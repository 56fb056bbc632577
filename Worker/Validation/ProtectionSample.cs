using Platform.Core.Protection;
using Platform.Worker.Serving.Protection;
using Platform.Worker.Tensors;

namespace Platform.Worker.Validation;

/// <summary>What a dataset's items look like to the input checks: a reference that nobody outside had a hand in.</summary>
internal sealed class ProtectionSample
{
    /// <summary>Items that are looked at; more would not make the thresholds much better.</summary>
    private const int MaxItems = 10_000;

    private readonly List<ItemFacts> items = [];

    public void Add(Tensor[] inputs, int count)
    {
        if (items.Count >= MaxItems) return;
        foreach (var item in ItemReader.Read(inputs, count).Where(item => item.Inputs.All(input => input.IsFinite)))
        {
            // Items of another make-up, as free dimensions allow, cannot be compared.
            if (items.Count == 0 || items[0].Features.Length == item.Features.Length) items.Add(item);
        }
    }

    /// <summary>Null where there were too few.</summary>
    public ReferenceProfile? ToProfile(DateTimeOffset now) =>
        items.Count < ReferenceProfile.MinItems ? null : ReferenceProfile.Of(ReferenceProfile.FromDataset, now, items);
}
