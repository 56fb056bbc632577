using System.Collections.Immutable;
using Platform.Core.Compliance.Checks;

namespace Platform.Core.Compliance;

/// <summary>All checks there are.</summary>
public static class ComplianceChecks
{
    public static ImmutableArray<ComplianceCheck> All { get; } =
    [
        .. DataChecks.All, .. RecordChecks.All, .. SecurityChecks.All, .. OversightChecks.All, .. QualityChecks.All,
    ];
}
