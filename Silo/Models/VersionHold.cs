using Platform.Core.Serving;

namespace Platform.Silo.Models;

/// <summary>A version that workers hold for something other than traffic.</summary>
/// <param name="Holder">The job that it is held for.</param>
internal sealed record VersionHold(string Holder, PlacedVersion Version);
