using System.Collections.Immutable;
using Platform.Core.Models;
using Platform.Core.Results;
using static Platform.Core.Models.VersionStage;

namespace Platform.Core.Tests.Models;

public sealed class LifecycleTests
{
    private static readonly LifecyclePolicy Strict = new(NeedsValidation: true, NeedsApproval: true);
    private static readonly StageEvidence Run = new(EvidenceKind.ValidationRun, "run-1");
    private static readonly StageEvidence Approval = new(EvidenceKind.Approval, "approval-1");

    /// <summary>Every step that is allowed, whatever causes it; all others are refused.</summary>
    private static readonly Dictionary<(StepCause Cause, VersionStage From), VersionStage[]> Table = new()
    {
        [(StepCause.Hand, Created)] = [Training, Validating, Rejected, Retired],
        [(StepCause.Hand, Training)] = [Created, Validating, Rejected, Retired],
        [(StepCause.Hand, Validating)] = [Created, Validated, Rejected],
        [(StepCause.Hand, Validated)] = [Validating, Staged, Rejected, Retired],
        [(StepCause.Hand, Staged)] = [Validating, Rejected, Retired],
        [(StepCause.Hand, Rejected)] = [Validating, Retired],
        [(StepCause.Validation, Created)] = [Validating],
        [(StepCause.Validation, Training)] = [Validating],
        [(StepCause.Validation, Validating)] = [Created, Validated, Rejected],
        [(StepCause.Validation, Validated)] = [Validating],
        [(StepCause.Validation, Staged)] = [Validating],
        [(StepCause.Validation, Rejected)] = [Validating],
        [(StepCause.Approval, Validated)] = [Staged],
        [(StepCause.Deployment, Created)] = [Deployed],
        [(StepCause.Deployment, Validated)] = [Deployed],
        [(StepCause.Deployment, Staged)] = [Deployed],
        [(StepCause.Deployment, Deployed)] = [Created, Validated, Staged],
    };

    public static readonly MatrixTheoryData<StepCause, VersionStage, VersionStage> EveryStep =
        new(Enum.GetValues<StepCause>(), Enum.GetValues<VersionStage>(), Enum.GetValues<VersionStage>());

    [Theory, MemberData(nameof(EveryStep))]
    public void Refuse_OfEveryStep_FollowsTheTable(StepCause cause, VersionStage from, VersionStage to)
    {
        var allowed = Table.GetValueOrDefault((cause, from), []);
        var refusal = Lifecycle.Refuse(from, to, cause);

        Assert.Equal(allowed, Lifecycle.AllowedFrom(from, cause));
        if (allowed.Contains(to))
        {
            Assert.Null(refusal);
            return;
        }

        Assert.Equal(RefusalReason.Conflict, refusal!.Reason);
        var names = allowed.Length == 0 ? "none by" : string.Join(", ", allowed.Select(stage => stage.Text()));
        Assert.Contains($"Allowed from {from.Text()}: {names}", refusal.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Retired_IsTheEnd() =>
        Assert.All(Enum.GetValues<StepCause>(), cause => Assert.Empty(Lifecycle.AllowedFrom(Retired, cause)));

    [Theory]
    [InlineData(Validating, Validated, "a validation run"), InlineData(Validated, Staged, "an approval")]
    public void Refuse_ByHandWhereTheModelAsksForProof_SaysWhatIsAsked(VersionStage from, VersionStage to, string asked)
    {
        var refusal = Lifecycle.Refuse(from, to, StepCause.Hand, Strict);

        Assert.Contains(asked, refusal!.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain(to, Lifecycle.AllowedFrom(from, StepCause.Hand, Strict));
        Assert.Null(Lifecycle.Refuse(from, to, from is Validating ? StepCause.Validation : StepCause.Approval, Strict));
    }

    [Theory]
    [InlineData(Deployed, Retired, "Undeploy"), InlineData(Staged, Deployed, "by a deployment")]
    public void Refuse_OfWhatADeploymentDoes_SaysSo(VersionStage from, VersionStage to, string hint) =>
        Assert.Contains(hint, Lifecycle.Refuse(from, to)!.Detail, StringComparison.Ordinal);

    [Theory]
    [InlineData(Validated, "bob", null), InlineData(Validated, "ann", "somebody else"), InlineData(Created, "bob", "Allowed"), InlineData(Staged, "bob", "Allowed")]
    public void RefuseApproval_NeedsAValidatedVersionAndAnotherPerson(VersionStage stage, string approver, string? says)
    {
        var refusal = Lifecycle.RefuseApproval(stage, registeredBy: "ann", approver);

        if (says is null) Assert.Null(refusal);
        else Assert.Contains(says, refusal!.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Created, null), InlineData(Validated, null), InlineData(Staged, null), InlineData(Deployed, null), InlineData(Training, "Wait")]
    [InlineData(Validating, "Wait"), InlineData(Retired, "Register"), InlineData(Rejected, "Validate it again")]
    public void RefuseDeployment_WithoutAPolicy_FollowsTheStage(VersionStage stage, string? says)
    {
        var refusal = Lifecycle.RefuseDeployment(stage);

        if (says is null) Assert.Null(refusal);
        else Assert.Contains(says, refusal!.Detail, StringComparison.Ordinal);
    }

    public static readonly TheoryData<string, ImmutableArray<StageStep>, LifecyclePolicy, string?> Histories = new()
    {
        { "as asked", Steps((Validating, null), (Validated, Run), (Staged, Approval)), Strict, null },
        { "approved, not validated", Steps((Validating, null), (Validated, null), (Staged, Approval)), Strict, "validation" },
        { "validated, not approved", Steps((Validating, null), (Validated, Run), (Staged, null)), Strict, "approval" },
        { "validated only", Steps((Validating, null), (Validated, Run)), Strict, "approval" },
        { "validated only, as asked", Steps((Validating, null), (Validated, Run)), new(NeedsValidation: true), null },
        { "new", Steps(), new(NeedsValidation: true), "validation" },
        { "approval of an earlier validation", Steps((Validating, null), (Validated, Run), (Staged, Approval), (Validating, null), (Validated, Run), (Staged, null)), Strict, "approval" },
        { "back from the workers", Steps((Validating, null), (Validated, Run), (Staged, Approval), (Deployed, null), (Staged, null)), Strict, null },
        { "back without proof", Steps((Deployed, null), (Created, null)), Strict, "validation" },
    };

    [Theory, MemberData(nameof(Histories), DisableDiscoveryEnumeration = true)]
    public void RefuseDeployment_WhereTheModelAsksForProof_LooksForItInTheHistory(
        string name, ImmutableArray<StageStep> history, LifecyclePolicy policy, string? asks)
    {
        var refusal = Lifecycle.RefuseDeployment(history[^1].To, history, policy);

        Assert.True((asks is null) == (refusal is null), $"{name}: {refusal}");
        if (asks is not null) Assert.Contains($"asks for a{(asks == "approval" ? "n" : "")} {asks}", refusal!.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void RefuseDeployment_OfWhatIsDeployed_IsNullWhateverIsAskedSince() =>
        Assert.Null(Lifecycle.RefuseDeployment(Deployed, Steps((Deployed, null)), Strict));

    [Fact]
    public void AfterUndeploy_IsWhereTheVersionCameFrom()
    {
        Assert.Equal(Created, Lifecycle.AfterUndeploy(Steps((Deployed, null))));
        Assert.Equal(Validated, Lifecycle.AfterUndeploy(Steps((Deployed, null), (Created, null), (Validating, null), (Validated, null), (Deployed, null))));
        Assert.Equal(Staged, Lifecycle.AfterUndeploy([]));
    }

    [Fact]
    public void AfterUndeploy_OfAnyDeployableStage_IsAnAllowedStep() => Assert.All(
        Enum.GetValues<VersionStage>().Where(stage => Lifecycle.AllowedFrom(stage, StepCause.Deployment).Contains(Deployed)),
        stage => Assert.Null(Lifecycle.Refuse(Deployed, stage, StepCause.Deployment)));

    [Theory]
    [InlineData("staged", true), InlineData("Staged", false), InlineData("4", false), InlineData("created,training", false), InlineData(null, false), InlineData("", false)]
    public void TryParse_OfAStage_TakesItsNameOnly(string? text, bool valid) => Assert.Equal(valid, VersionStages.TryParse(text, out _));

    private static ImmutableArray<StageStep> Steps(params (VersionStage To, StageEvidence? Evidence)[] steps)
    {
        ImmutableArray<StageStep> history = [new(null, Created, Samples.Start, "ann", "Registered.")];
        foreach (var (to, evidence) in steps) history = history.Add(new(history[^1].To, to, Samples.Start, "bob", "Why.", evidence));
        return history;
    }
}
