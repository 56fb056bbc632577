using Platform.Core.Models;
using Platform.Core.Results;

namespace Platform.Silo.Models;

internal sealed partial class ModelGrain
{
    /// <summary>The version that a selector means, as it was registered: 1.4.0, the highest in ^1.2, where @production stands.</summary>
    private Outcome<string> Resolve(string selector, string field = "version")
    {
        if (!Current.Exists) return Unknown();
        if (Current.FindVersion(selector) is { } exact) return exact;
        if (Current.FindRemoval(selector) is { } removal)
            return Refusal.NotFound($"Version {removal.Version} of {Name} was removed at {removal.At:u} by {removal.By}: {removal.Why}");
        if (!VersionSelector.Parse(selector, field).Succeeded(out var parsed, out var refusal)) return refusal;
        return parsed.Highest(Current.Versions, Current.Tags) is { } highest
            ? highest
            : Refusal.NotFound($"{Name} has no version {selector}.");
    }
}
