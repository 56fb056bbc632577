namespace Platform.SharedState.Artifacts;

/// <summary>An upload that has arrived but is not yet part of any version.</summary>
/// <param name="StagingId">What workers ask for to look at it.</param>
public sealed record StagedArtifact(string StagingId, long SizeBytes, string Sha256);

/// <summary>An upload was larger than <see cref="ArtifactOptions.MaxBytes"/>.</summary>
public sealed class ArtifactTooLargeException(long maxBytes) : Exception($"An artifact may have at most {maxBytes} bytes.");
