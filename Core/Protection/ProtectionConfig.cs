using System.Collections.Immutable;

namespace Platform.Core.Protection;

/// <summary>What is done about a finding.</summary>
public enum ProtectionMode
{
    /// <summary>It is not looked for.</summary>
    Off,

    /// <summary>It is counted, and the request answered.</summary>
    Observe,

    /// <summary>It is counted, and the request refused or its caller slowed down.</summary>
    Enforce,
}

/// <summary>Whether the numbers of the inputs are finite and within bounds.</summary>
/// <param name="Min">Smallest number of any input; null takes what the reference has of each.</param>
/// <param name="Max">Largest number of any input; null takes what the reference has of each.</param>
public sealed record InputCheck(ProtectionMode Mode = ProtectionMode.Off, double? Min = null, double? Max = null);

/// <summary>Whether an item is like those of the reference.</summary>
public sealed record DistanceCheck(ProtectionMode Mode = ProtectionMode.Off);

/// <summary>Whether the answer changes much when the input loses detail that does not matter.</summary>
/// <param name="Sample">Share of the requests that is looked at, 0 to 1; null means a twentieth.</param>
/// <param name="Bits">Depth to which numbers are reduced; null means one bit.</param>
public sealed record SqueezingCheck(ProtectionMode Mode = ProtectionMode.Off, double? Sample = null, int? Bits = null)
{
    public const double DefaultSample = 0.05;
    public const int DefaultBits = 1;
}

/// <summary>Whether a caller's questions look like an attempt to copy the model.</summary>
/// <param name="Throttle">How long such a caller is slowed down; null means ten minutes.</param>
public sealed record ExtractionCheck(ProtectionMode Mode = ProtectionMode.Off, TimeSpan? Throttle = null)
{
    public static readonly TimeSpan DefaultThrottle = TimeSpan.FromMinutes(10);
}

/// <summary>Callers that get less than the whole answer: those who have none but the roles named.</summary>
/// <param name="Roles">Null means "inference", so that whoever may also read or operate gets all of it.</param>
/// <param name="Digits">Decimals that float outputs keep; null keeps all.</param>
/// <param name="TopK">Highest scores of an item that are kept, the others become zero; null keeps all.</param>
public sealed record OutputRestriction(ImmutableArray<string>? Roles = null, int? Digits = null, int? TopK = null);

/// <summary>What a version does about hostile requests. What is left out is off.</summary>
public sealed record ProtectionConfig(
    InputCheck? Inputs = null, DistanceCheck? Distance = null, SqueezingCheck? Squeezing = null, ExtractionCheck? Extraction = null,
    OutputRestriction? Outputs = null)
{
    public ProtectionMode ModeOf(ProtectionReason reason) => reason switch
    {
        ProtectionReason.NotFinite or ProtectionReason.OutOfRange or ProtectionReason.Shape => Inputs?.Mode ?? ProtectionMode.Off,
        ProtectionReason.Distance => Distance?.Mode ?? ProtectionMode.Off,
        ProtectionReason.Squeezing => Squeezing?.Mode ?? ProtectionMode.Off,
        ProtectionReason.Extraction => Extraction?.Mode ?? ProtectionMode.Off,
        _ => ProtectionMode.Enforce,
    };

    /// <summary>Whether any check needs to know what the reference looks like.</summary>
    public bool NeedsReference =>
        ModeOf(ProtectionReason.OutOfRange) is not ProtectionMode.Off || ModeOf(ProtectionReason.Distance) is not ProtectionMode.Off
        || ModeOf(ProtectionReason.Squeezing) is not ProtectionMode.Off || ModeOf(ProtectionReason.Extraction) is not ProtectionMode.Off;
}
