using Platform.Core.Statistics;

namespace Platform.Core.Rollouts;

/// <summary>What a bound's evidence comes to at one moment, in logarithms of E-values.</summary>
internal readonly record struct WeightOfEvidence(CheckState State, double Exact, double Tempered, double Fast, double Ceiling)
{
    public static WeightOfEvidence Of(CheckState state) => new(
        state,
        CountEProcess.LogE(state.Exact),
        CountEProcess.LogE(state.Tempered),
        state.Check.IsGap ? double.NegativeInfinity : CountEProcess.LogE(state.Fast),
        state.Check.Ceiling is null ? double.PositiveInfinity : CountEProcess.LogE(state.Ceiling));

    /// <summary>Stable says nothing here: it has no traffic, or it is what is compared with, answer by answer.</summary>
    public bool IsAlone => State.Alone || State.Check.Kind is MetricKind.Disagreement;

    /// <summary>That which decides: of an absolute bound the weaker one of the limit's and the comparison's.</summary>
    public double Deciding => IsAlone ? (State.Check.Ceiling is null ? 0 : Ceiling) : Math.Min(Ceiling, Math.Max(Tempered, Fast));

    public bool LimitBroken(double share) => State.Check.Ceiling is not null && Ceiling >= -Math.Log(share);

    /// <summary>Why the bound is broken, or null.</summary>
    public CheckReason? Broken(double share)
    {
        if (IsAlone) return LimitBroken(share) ? CheckReason.AboveTheLimit : null;
        if (State.Check.Ceiling is not null && !LimitBroken(share)) return null;
        var slowBar = -Math.Log(share * (1 - Evidence.FastShare));
        if (Tempered >= slowBar) return CheckReason.Worse;
        if (Fast >= -Math.Log(share * Evidence.FastShare)) return CheckReason.FarWorse;
        return !State.Check.IsGap && Exact >= slowBar && State.Blocks.LowerBound(share) > Math.Log(State.Check.Margin)
            ? CheckReason.WorseByCountsAndMinutes
            : null;
    }
}
