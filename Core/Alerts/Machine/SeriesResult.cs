using System.Collections.Immutable;

namespace Platform.Core.Alerts.Machine;

/// <summary>What an evaluation found of one series.</summary>
public enum SeriesVerdict
{
    /// <summary>The condition holds.</summary>
    Breaching,
    Clear,

    /// <summary>There is not enough to judge by; <see cref="MissingDataPolicy"/> says what follows.</summary>
    Missing,
}

/// <summary>What missing data mean.</summary>
public enum MissingDataPolicy
{
    /// <summary>Nothing changes: what fires goes on firing, what is pending waits, what is quiet stays quiet.</summary>
    Keep,

    /// <summary>As if the condition did not hold.</summary>
    Ok,

    /// <summary>As if it did.</summary>
    Alert,
}

public sealed record SeriesResult(ImmutableSortedDictionary<string, string> Labels, SeriesVerdict Verdict, double? Value);
