namespace Platform.Core.Serving;

/// <summary>A second worker is asked the same when the first one is late; the first answer counts.</summary>
/// <param name="After">How late it has to be.</param>
public sealed record HedgeConfig(TimeSpan After);
