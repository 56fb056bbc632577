namespace Platform.Core.Models.Retention;

/// <summary>A version that a clean-up removed. Its number is never given again; its metadata and history stay.</summary>
/// <param name="Why">Why the policy did not keep it.</param>
public sealed record RemovedVersion(string Version, DateTimeOffset At, string By, string Why);
