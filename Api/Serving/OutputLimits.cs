using System.Security.Claims;
using Platform.Core.Protection;
using Platform.Core.Serving;

namespace Platform.Api.Serving;

/// <summary>How much of a version's answers a caller gets.</summary>
internal static class OutputLimits
{
    /// <summary>Null for all of them.</summary>
    public static OutputLimit? Of(InferenceCall call, PlacedVersion placed) => placed.Config.Protection?.Outputs is { } restriction
        ? OutputLimit.For(restriction, [.. call.Caller.FindAll(ClaimTypes.Role).Select(role => role.Value)])
        : null;
}
