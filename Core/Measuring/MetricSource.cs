namespace Platform.Core.Measuring;

/// <summary>Who counted: what clients saw at the front door, or what workers did for whomever.</summary>
public enum MetricSource
{
    Api,
    Worker,
}

/// <summary>What is counted apart from everything else.</summary>
/// <param name="Model">Its name.</param>
/// <param name="Version">As it was registered.</param>
/// <param name="Source">Who counted.</param>
/// <param name="Route">stable, canary, arm:name, fallback, cache; "direct" for what reached a worker past the front door's routing.</param>
public sealed record MetricKey(string Model, string Version, MetricSource Source, string Route);
