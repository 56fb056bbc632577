using Microsoft.Extensions.Options;
using Platform.Contracts.Alerts;
using Platform.Core;
using Platform.Core.Alerts.Kinds;
using Platform.Core.Alerts.Rules;
using Platform.Core.Results;
using Platform.SharedState.Alerts;
using Platform.SharedState.Plans;
using Platform.Silo.Storage;

namespace Platform.Silo.Alerts;

/// <summary>A rule as it is kept. How it is evaluated is in AlertRuleGrain.Evaluation.cs.</summary>
internal sealed partial class AlertRuleGrain(
    [PersistentState("alert-rule")] IPersistentState<AlertRuleState> stored,
    AlertMeasurements measurements,
    RuleReplay replay,
    AlertBoard board,
    PlanFollower plans,
    IOptions<AlertOptions> options,
    TimeProvider clock,
    ILogger<AlertRuleGrain> logger) : Grain, IAlertRuleGrain
{
    private AlertRuleState Current => stored.State;

    private string Name => this.GetPrimaryKeyString();

    private IAlertBookGrain Book => GrainFactory.GetGrain<IAlertBookGrain>(IAlertBookGrain.Key);

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var interval = options.Value.EvaluationInterval;
        // Not all at one moment: after a silo's start they all come up together.
        var due = Random.Shared.NextDouble() * interval;
        this.RegisterGrainTimer(() => EvaluateAsync(clock.GetUtcNow()), new GrainTimerCreationOptions(due, interval) { KeepAlive = true });
        return Task.CompletedTask;
    }

    public async Task<Outcome<AlertRuleView>> CreateAsync(AlertRule rule, string actor)
    {
        if (Current.Rule is not null) return Refusal.Conflict($"There is a rule {Name} already.");
        if (AlertRuleRules.Refuse(rule) is { } invalid) return invalid;
        // The name comes first: a name without a rule is forgotten at the next look, a rule without a name never wakes.
        if ((await Book.NoteRuleAsync(Name)).Refusal is { } full) return full;
        var now = clock.GetUtcNow();
        await WriteAsync(Current with
        {
            Rule = rule, IsDefault = false, IsSuspended = false, Memory = RuleMemory.None, CreatedBy = actor, CreatedAt = now, UpdatedAt = now,
            Revision = Current.Revision + 1, EvaluatedAt = null, Events = [], Notices = [],
        });
        return View();
    }

    public async Task<Outcome<AlertRuleView>> UpdateAsync(AlertRule rule, string actor, long? expectedRevision)
    {
        if (Refuse(expectedRevision) is { } refusal) return refusal;
        if (AlertRuleRules.Refuse(rule) is { } invalid) return invalid;
        await DrainAsync();
        var before = Current.Rule!;
        // What was learnt of another metric says nothing of this one.
        var isSameSeries = (before.Model, before.Version, before.Route, before.Metric, before.Kind, before.Window) == (rule.Model, rule.Version, rule.Route, rule.Metric, rule.Kind, rule.Window);
        await WriteAsync(Current with
        {
            Rule = rule, IsDefault = false, Memory = isSameSeries ? Current.Memory : RuleMemory.None, UpdatedAt = clock.GetUtcNow(),
            Revision = Current.Revision + 1, Events = [], Notices = [],
        });
        return View();
    }

    public Task<Outcome<AlertRuleView>> GetAsync() => Task.FromResult(Current.Rule is null ? Unknown() : (Outcome<AlertRuleView>)View());

    public async Task<Outcome<AlertRuleView>> DeleteAsync(long? expectedRevision)
    {
        if (Refuse(expectedRevision) is { } refusal) return refusal;
        var last = View();
        await EndAsync(state => state with { Rule = null, IsDeclined = state.IsDefault || state.CreatedBy == DefaultRules.Author, Revision = state.Revision + 1 });
        await Book.ForgetRuleAsync(Name);
        return last;
    }

    public async Task EnsureDefaultAsync(AlertRule rule)
    {
        if (Current.IsDeclined) return;
        if (Current is { Rule: not null, IsDefault: false })
        {
            if (Current.IsSuspended) await WriteAsync(Current with { IsSuspended = false });
            return;
        }

        if (Current.Rule is { } known && !Current.IsSuspended && PlatformJsonText(known) == PlatformJsonText(rule)) return;
        if ((await Book.NoteRuleAsync(Name)).Refusal is not null) return;
        await DrainAsync();
        var now = clock.GetUtcNow();
        await WriteAsync(Current with
        {
            Rule = rule, IsDefault = true, IsSuspended = false, CreatedBy = DefaultRules.Author, CreatedAt = Current.Rule is null ? now : Current.CreatedAt,
            UpdatedAt = now, Revision = Current.Revision + 1, Events = [], Notices = [],
        });
    }

    public async Task WithdrawDefaultAsync()
    {
        if (Current.Rule is null || Current.CreatedBy != DefaultRules.Author || Current.IsSuspended) return;
        // One that somebody changed is kept for when the version comes back.
        await EndAsync(state => state.IsDefault ? state with { Rule = null } : state with { IsSuspended = true });
        if (Current.Rule is null) await Book.ForgetRuleAsync(Name);
    }

    public async Task<Outcome<ReplayView>> TestAsync(DateTimeOffset from, DateTimeOffset to) =>
        Current.Rule is { } rule ? await replay.RunAsync(rule, from, to, clock.GetUtcNow()) : Refusal.NotFound($"There is no alert rule {Name}.");

    public async Task WakeAsync()
    {
        await DrainAsync();
        if (Current.Rule is null) await Book.ForgetRuleAsync(Name);
    }

    private AlertRuleView View() => new(Current.Rule!, Current.IsDefault, Current.CreatedBy, Current.CreatedAt, Current.UpdatedAt, Current.Revision, health);

    private Refusal? Refuse(long? expected)
    {
        if (Current.Rule is null) return Unknown().Refusal;
        return expected is { } revision && revision != Current.Revision
            ? new Refusal(RefusalReason.PreconditionFailed, $"Rule {Name} is at etag \"{Current.Revision}\", not \"{revision}\". Read it again.")
            : null;
    }

    private Outcome<AlertRuleView> Unknown() => Refusal.NotFound($"There is no alert rule {Name}.");

    private Task WriteAsync(AlertRuleState next) => stored.WriteAsync(next with { Sequence = Current.Sequence + 1 }, DeactivateOnIdle);

    private static string PlatformJsonText(AlertRule rule) => System.Text.Json.JsonSerializer.Serialize(rule, PlatformJson.Options);
}
