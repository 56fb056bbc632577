using System.Collections.Immutable;

namespace Platform.Core.Models.Gates;

/// <summary>What a gate said of a version.</summary>
public enum GateVerdict
{
    Pass,
    Fail,
    NotMeasured,
}

/// <summary>One gate's verdict with the numbers it rests on.</summary>
/// <param name="Measured">The version's own figure.</param>
/// <param name="Limit">What it was held against.</param>
/// <param name="Production">Production's figure, where the gate asks for it.</param>
/// <param name="Detail">All of it in a sentence.</param>
public sealed record GateResult(
    Gate Gate, GateVerdict Verdict, double? Measured, double? Limit, double? Production, string Detail);

/// <summary>All gates' verdicts, in their order.</summary>
public sealed record GateReport(ImmutableArray<GateResult> Results)
{
    /// <summary>Whether every gate passed. One that was not measured has not passed.</summary>
    public bool Passed => Results.All(result => result.Verdict is GateVerdict.Pass);
}

/// <summary>The version in production and its figures, measured as the version's own were.</summary>
public sealed record ProductionFigures(string Version, IReadOnlyDictionary<string, double> Figures);
