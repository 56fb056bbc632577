using Platform.Core.Serving;

namespace Platform.Worker.Serving;

/// <summary>What one session is for. Two that differ in any of these need two sessions; other settings do not.</summary>
internal readonly record struct VersionId(string Model, string Version, string Sha256, Device Device, SessionProfile? Profile = null)
{
    public static VersionId Of(string model, PlacedVersion placed) =>
        new(model, placed.Version, placed.Artifact.Sha256, placed.Config.Device, placed.Config.Profile);
}
