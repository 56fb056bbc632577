using System.Collections.Concurrent;
using Platform.Core.Drift;

namespace Platform.SharedState.Drift;

/// <summary>How a version stands against its reference.</summary>
/// <param name="Reference">Null while there is none.</param>
/// <param name="ReferenceItems">Items counted for it so far.</param>
/// <param name="Report">Null until the reference is complete.</param>
public sealed record DriftStanding(DriftReference? Reference, long ReferenceItems, DriftReport? Report)
{
    public DriftVerdict Verdict => Report?.Verdict ?? DriftVerdict.NoReferenceYet;
}

/// <summary>Tests windows of versions; what depends on a reference alone is worked out once.</summary>
public sealed class DriftReader(DriftStore store)
{
    /// <summary>Tests that are kept ready; beyond that all are made anew.</summary>
    private const int MaxReady = 256;
    private readonly ConcurrentDictionary<string, DriftTest> ready = new();

    /// <summary>The window that ends now.</summary>
    public async Task<DriftStanding> ReadAsync(string model, string version, TimeSpan window)
    {
        if (await store.FindAsync(model, version) is not { } reference) return new(null, 0, null);
        if (!ready.TryGetValue(reference.Id, out var test))
        {
            var counts = await store.ReadReferenceAsync(reference);
            if (counts.Items < reference.Target) return new(reference, counts.Items, null);
            if (ready.Count >= MaxReady) ready.Clear();
            ready[reference.Id] = test = new DriftTest(reference, counts);
        }

        return new(reference, test.ReferenceItems, test.Run(await store.ReadAsync(reference, window)));
    }
}
