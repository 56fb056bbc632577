namespace Platform.Core.Protection;

/// <summary>What was found against a request, as one word of a closed set: log lines, metric tags and answers use it.</summary>
public enum ProtectionReason
{
    /// <summary>A number of an input is NaN or infinite.</summary>
    NotFinite,

    /// <summary>A number is outside of what inputs may be.</summary>
    OutOfRange,

    /// <summary>An item has fewer or more numbers than any of the reference.</summary>
    Shape,

    /// <summary>An item is far from all of the reference.</summary>
    Distance,

    /// <summary>The answer changes when the input is squeezed.</summary>
    Squeezing,

    /// <summary>The caller's questions look like an attempt to copy the model.</summary>
    Extraction,

    /// <summary>A caller that was slowed down asked too often.</summary>
    Throttled,

    /// <summary>The request has crashed workers before.</summary>
    Quarantined,
}

public static class ProtectionReasons
{
    public static readonly IReadOnlyList<ProtectionReason> All = Enum.GetValues<ProtectionReason>();

    /// <summary>As metrics and answers have it.</summary>
    public static string ToName(this ProtectionReason reason) => reason switch
    {
        ProtectionReason.NotFinite => "not_finite",
        ProtectionReason.OutOfRange => "out_of_range",
        _ => reason.ToString().ToLowerInvariant(),
    };
}
