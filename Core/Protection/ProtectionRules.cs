using Platform.Core.Access;
using Platform.Core.Results;

namespace Platform.Core.Protection;

/// <summary>What <c>config.protection</c> may say.</summary>
public static class ProtectionRules
{
    public const int MaxBits = 8;
    public const int MaxDigits = 9;
    public const int MaxTopK = 10_000;
    public static readonly TimeSpan MaxThrottle = TimeSpan.FromDays(1);

    public static Refusal? Refuse(ProtectionConfig? protection) => protection is null
        ? null
        : Refuse(protection.Inputs) ?? Refuse(protection.Squeezing) ?? Refuse(protection.Extraction) ?? Refuse(protection.Outputs);

    private static Refusal? Refuse(InputCheck? inputs)
    {
        if (inputs is null) return null;
        if (inputs.Min is { } min && !double.IsFinite(min)) return Refusal.Invalid("config.protection.inputs.min", "Give a number.");
        if (inputs.Max is { } max && !double.IsFinite(max)) return Refusal.Invalid("config.protection.inputs.max", "Give a number.");
        return inputs.Min > inputs.Max ? Refusal.Invalid("config.protection.inputs.max", "Give a number that is not below min.") : null;
    }

    private static Refusal? Refuse(SqueezingCheck? squeezing)
    {
        if (squeezing is null) return null;
        if (squeezing.Sample is { } sample && !(sample is > 0 and <= 1))
            return Refusal.Invalid("config.protection.squeezing.sample", "Give the share of requests to look at, above 0 and at most 1.");
        return squeezing.Bits is < 1 or > MaxBits ? Refusal.Invalid("config.protection.squeezing.bits", $"Give 1 to {MaxBits} bits.") : null;
    }

    private static Refusal? Refuse(ExtractionCheck? extraction) =>
        extraction?.Throttle is { } throttle && (throttle <= TimeSpan.Zero || throttle > MaxThrottle)
            ? Refusal.Invalid("config.protection.extraction.throttle", $"Give more than 0 and at most {DurationConverter.Format(MaxThrottle)}.")
            : null;

    private static Refusal? Refuse(OutputRestriction? outputs)
    {
        if (outputs is null) return null;
        if (outputs.Roles?.FirstOrDefault(role => !RoleRules.TryParse(role, out _)) is { } unknown)
            return Refusal.Invalid("config.protection.outputs.roles", $"'{unknown}' is no role.");
        if (outputs.Digits is < 0 or > MaxDigits) return Refusal.Invalid("config.protection.outputs.digits", $"Give 0 to {MaxDigits} decimals.");
        if (outputs.TopK is < 1 or > MaxTopK) return Refusal.Invalid("config.protection.outputs.top_k", $"Give 1 to {MaxTopK} scores.");
        return outputs.Digits is null && outputs.TopK is null
            ? Refusal.Invalid("config.protection.outputs", "Say how much of the answer is left: digits, top_k, or both.")
            : null;
    }
}
