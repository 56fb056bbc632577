namespace Platform.Core.Statistics;

/// <summary>What a test came to.</summary>
/// <param name="Threshold">What the statistic exceeds with the test's level as probability when nothing is different.</param>
/// <param name="P">How probable so large a statistic is when nothing is different.</param>
public sealed record TestOutcome(double Statistic, double Threshold, double P);
