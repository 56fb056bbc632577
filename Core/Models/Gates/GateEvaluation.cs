using System.Collections.Immutable;

namespace Platform.Core.Models.Gates;

/// <summary>Holds what was measured against the gates.</summary>
public static class GateEvaluation
{
    // In doubles 0.93 - 0.06 is a little above 0.87; a version on the very limit must pass all the same.
    private const double Rounding = 1e-12;

    /// <param name="measured">Figures by the names of <see cref="GateMetrics"/>; what is missing or not a number was not measured.</param>
    /// <param name="production">Null while nothing is in production; a version then cannot be worse.</param>
    public static GateReport Evaluate(
        ImmutableArray<Gate> gates, IReadOnlyDictionary<string, double> measured, ProductionFigures? production) =>
        new([.. gates.Select(gate => Evaluate(gate, Figure(measured, gate.Metric), production))]);

    private static GateResult Evaluate(Gate gate, double? measured, ProductionFigures? production)
    {
        if (measured is not { } value)
            return new(gate, GateVerdict.NotMeasured, Measured: null, gate.Value, Production: null, $"{gate.Metric} was not measured.");
        return gate.MaxDrop is { } drop
            ? Relative(gate, value, drop, production)
            : Verdict(gate, gate.Op!.Value, value, gate.Value!.Value, production: null, "");
    }

    private static GateResult Relative(Gate gate, double value, double drop, ProductionFigures? production)
    {
        if (production is null)
        {
            return new(
                gate, GateVerdict.Pass, value, Limit: null, Production: null,
                $"{gate.Metric} is {value.Text()}; nothing is in production that it could be worse than.");
        }

        if (Figure(production.Figures, gate.Metric) is not { } reference)
        {
            return new(
                gate, GateVerdict.NotMeasured, value, Limit: null, Production: null,
                $"{gate.Metric} is {value.Text()}, but was not measured for {production.Version} in production.");
        }

        var why = $" ({production.Version} in production has {reference.Text()}, and it may be worse by {drop.Text()})";
        return GateMetrics.IsBetterHigher(gate.Metric)
            ? Verdict(gate, ComparisonOperator.AtLeast, value, reference - drop, reference, why)
            : Verdict(gate, ComparisonOperator.AtMost, value, reference + drop, reference, why);
    }

    private static GateResult Verdict(Gate gate, ComparisonOperator op, double value, double limit, double? production, string why)
    {
        // Only a computed limit is rounded; one that was given is compared as it stands.
        var close = production is not null && Math.Abs(value - limit) <= Rounding * Math.Max(1, Math.Abs(limit));
        var verdict = close || op.Holds(value, limit) ? GateVerdict.Pass : GateVerdict.Fail;
        var must = verdict is GateVerdict.Pass ? "as it must be" : "but must be";
        return new(gate, verdict, value, limit, production, $"{gate.Metric} is {value.Text()}, {must} {op.Sign()} {limit.Text()}{why}.");
    }

    private static double? Figure(IReadOnlyDictionary<string, double> figures, string metric) =>
        figures.TryGetValue(metric, out var value) && !double.IsNaN(value) ? value : null;
}
