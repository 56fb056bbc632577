using System.Collections.Immutable;
using Platform.Core.Results;
using static Platform.Core.Models.VersionStage;

namespace Platform.Core.Models;

/// <summary>Which steps a version's life allows, by what causes them.</summary>
public static class Lifecycle
{
    /// <summary>The stages that a version may go to from this one.</summary>
    public static ImmutableArray<VersionStage> AllowedFrom(
        VersionStage stage, StepCause cause = StepCause.Hand, LifecyclePolicy? policy = null) =>
        [.. Table(cause, stage).Where(to => MissingProof(to, cause, policy ?? LifecyclePolicy.None) is null)];

    /// <summary>Whether the step may be taken; null when so, else why not and what is allowed.</summary>
    public static Refusal? Refuse(VersionStage from, VersionStage to, StepCause cause = StepCause.Hand, LifecyclePolicy? policy = null)
    {
        var allowed = AllowedFrom(from, cause, policy);
        if (allowed.Contains(to)) return null;
        var names = allowed.IsEmpty ? $"none by {Text(cause)}" : string.Join(", ", allowed.Select(stage => stage.Text()));
        var hint = MissingProof(to, cause, policy ?? LifecyclePolicy.None) ?? Hint(from, to);
        return Refusal.Conflict(
            $"A version cannot go from {from.Text()} to {to.Text()} by {Text(cause)}. Allowed from {from.Text()}: {names}.{hint}");
    }

    /// <summary>Whether <paramref name="approver"/> may approve the version; null when so. Four eyes: never who registered it.</summary>
    public static Refusal? RefuseApproval(VersionStage stage, string registeredBy, string approver)
    {
        if (Refuse(stage, Staged, StepCause.Approval) is { } refusal) return refusal;
        return approver == registeredBy
            ? Refusal.Conflict($"{registeredBy} registered this version, so somebody else has to approve it.")
            : null;
    }

    /// <summary>Whether a version may be put to work; null when so. One that is at work may be deployed again.</summary>
    /// <param name="history">Its steps so far, oldest first.</param>
    public static Refusal? RefuseDeployment(
        VersionStage stage, ImmutableArray<StageStep> history = default, LifecyclePolicy? policy = null)
    {
        if (stage is Deployed) return null;
        if (Refuse(stage, Deployed, StepCause.Deployment) is not null)
            return Refusal.Conflict($"A version that is {stage.Text()} cannot be deployed.{DeploymentHint(stage)}");
        var (steps, asked) = (history.IsDefault ? [] : history, policy ?? LifecyclePolicy.None);
        if (asked.NeedsValidation && !IsValidated(stage, steps))
            return Refusal.Conflict("This model asks for a validation before a deployment. Validate the version first (POST …/validate).");
        return asked.NeedsApproval && !IsApproved(stage, steps)
            ? Refusal.Conflict(
                "This model asks for an approval before a deployment. Have somebody else approve the version (POST …/approve).")
            : null;
    }

    /// <summary>Whether a validation run, and nothing less, brought the version where it is.</summary>
    public static bool IsValidated(VersionStage stage, ImmutableArray<StageStep> history) =>
        stage is Validated or Staged && LastEarned(history, Validated) is { Evidence.Kind: EvidenceKind.ValidationRun };

    /// <summary>Whether an approval, and nothing less, brought the version where it is.</summary>
    public static bool IsApproved(VersionStage stage, ImmutableArray<StageStep> history) =>
        stage is Staged && LastEarned(history, Staged) is { Evidence.Kind: EvidenceKind.Approval };

    /// <summary>
    /// The stage of a version that left the workers: where it was before, so that being at work once does not make a
    /// version look validated or approved.
    /// </summary>
    public static VersionStage AfterUndeploy(ImmutableArray<StageStep> history) =>
        history.LastOrDefault(step => step.To is Deployed)?.From is { } before and not Deployed ? before : Staged;

    private static ImmutableArray<VersionStage> Table(StepCause cause, VersionStage from) => (cause, from) switch
    {
        (StepCause.Hand, Created) => [Training, Validating, Rejected, Retired],
        (StepCause.Hand, Training) => [Created, Validating, Rejected, Retired],
        (StepCause.Hand, Validating) => [Created, Validated, Rejected],
        (StepCause.Hand, Validated) => [Validating, Staged, Rejected, Retired],
        (StepCause.Hand, Staged) => [Validating, Rejected, Retired],
        (StepCause.Hand, Rejected) => [Validating, Retired],
        (StepCause.Validation, Created or Training or Validated or Staged or Rejected) => [Validating],
        // A run that could not be carried through says nothing of the version: it is as if new.
        (StepCause.Validation, Validating) => [Created, Validated, Rejected],
        (StepCause.Approval, Validated) => [Staged],
        (StepCause.Deployment, Created or Validated or Staged) => [Deployed],
        (StepCause.Deployment, Deployed) => [Created, Validated, Staged],
        _ => [],
    };

    /// <summary>Why a person's word is not enough for this stage, where the model asks for more.</summary>
    private static string? MissingProof(VersionStage to, StepCause cause, LifecyclePolicy policy) => (cause, to) switch
    {
        (StepCause.Hand, Validated) when policy.NeedsValidation => " This model asks for a validation run (POST …/validate).",
        (StepCause.Hand, Staged) when policy.NeedsApproval => " This model asks for an approval (POST …/approve).",
        _ => null,
    };

    private static string Hint(VersionStage from, VersionStage to) => (from, to) switch
    {
        (Deployed, _) => " Undeploy the version first.",
        (_, Deployed) => " A version becomes deployed by a deployment or rollout.",
        _ => "",
    };

    private static string DeploymentHint(VersionStage stage) => stage switch
    {
        Training or Validating => " Wait for that to end.",
        Rejected => " Validate it again, or register a new version.",
        _ => " Register a new version.",
    };

    /// <summary>The last step to a stage that was more than a return from the workers.</summary>
    private static StageStep? LastEarned(ImmutableArray<StageStep> history, VersionStage to) =>
        history.LastOrDefault(step => step.To == to && step.From is not Deployed);

    private static string Text(StepCause cause) => cause.ToString().ToLowerInvariant();
}
