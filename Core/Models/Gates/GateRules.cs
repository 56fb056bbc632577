using System.Collections.Immutable;
using Platform.Core.Results;

namespace Platform.Core.Models.Gates;

/// <summary>What gates a model may have.</summary>
public static class GateRules
{
    public const int MaxGates = 32;

    /// <summary>Null if all are well formed; else the first fault with its field, such as <c>gates[2].metric</c>.</summary>
    public static Refusal? Refuse(ImmutableArray<Gate> gates)
    {
        if (gates.IsDefault) return Refusal.Invalid("gates", "Give a list of gates; an empty one asks for nothing.");
        if (gates.Length > MaxGates) return Refusal.Invalid("gates", $"At most {MaxGates} gates; these are {gates.Length}.");
        return gates.Select((gate, i) => Refuse(gate, $"gates[{i}]")).FirstOrDefault(refusal => refusal is not null);
    }

    private static Refusal? Refuse(Gate? gate, string field)
    {
        if (gate is null) return Refusal.Invalid(field, "Give a gate, or leave it out.");
        if (!GateMetrics.IsKnown(gate.Metric)) return Refusal.Invalid($"{field}.metric", $"Give one of {GateMetrics.Names}.");
        return gate.MaxDrop is { } drop ? RefuseRelative(gate, drop, field) : RefuseAbsolute(gate, field);
    }

    private static Refusal? RefuseRelative(Gate gate, double drop, string field)
    {
        if (gate.Op is not null || gate.Value is not null)
            return Refusal.Invalid($"{field}.max_drop", "Give either max_drop or op and value; for both, make two gates.");
        return double.IsFinite(drop) && drop >= 0 ? null : Refusal.Invalid($"{field}.max_drop", "Give a finite number of at least 0.");
    }

    private static Refusal? RefuseAbsolute(Gate gate, string field)
    {
        if (gate.Op is null or ComparisonOperator.Equal || !Enum.IsDefined(gate.Op.Value))
            return Refusal.Invalid($"{field}.op", "Give one of > >= < <=, or max_drop instead.");
        return gate.Value is { } value && double.IsFinite(value) ? null : Refusal.Invalid($"{field}.value", "Give a finite number.");
    }
}
