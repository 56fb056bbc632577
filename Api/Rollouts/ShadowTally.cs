using System.Collections.Concurrent;
using Platform.Core.Rollouts;

namespace Platform.Api.Rollouts;

/// <summary>How mirrored answers compared, until the next flush takes it.</summary>
internal sealed class ShadowTally
{
    private static readonly ShadowFigures OneDropped = ShadowFigures.None with { Dropped = 1 };
    private readonly ConcurrentDictionary<(string Model, string Version), ShadowFigures> figures = new();

    public void Dropped(string model, string version) => Add(model, version, OneDropped);

    public void Add(string model, string version, ShadowFigures more) =>
        figures.AddOrUpdate((model, version), more, (_, known) => known + more);

    public IEnumerable<(string Model, string Version, ShadowFigures Figures)> Take()
    {
        foreach (var key in figures.Keys)
        {
            if (figures.TryRemove(key, out var taken)) yield return (key.Model, key.Version, taken);
        }
    }
}
