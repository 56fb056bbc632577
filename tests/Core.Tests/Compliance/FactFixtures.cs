using Platform.Core.Compliance;
using Platform.Core.Privacy;

namespace Platform.Core.Tests.Compliance;

/// <summary>Facts of which every check passes, and for each check a change of them that it does not pass.</summary>
internal static class FactFixtures
{
    public static readonly DateTimeOffset Now = new(2026, 11, 23, 9, 0, 0, TimeSpan.Zero);

    public static readonly ComplianceFacts Good = new(
        Now, "digits",
        new("team", "Reads digits.", "classification", NeedsValidation: true, NeedsApproval: true, Gates: 2, Datasets: 1, HasVersionRetention: true, CanRollBack: true),
        new("2.0.0", "ann", "Wider.", new string('a', 64), Encrypted: true, "key-1", "mnist", "abc123", DeclaredMetrics: 1, Dependencies: 3, HistorySteps: 5, ["bob"], "run-1"),
        new(7, Workers: 2, MaxQueue: 1024, TimeSpan.FromSeconds(5), HasFallback: true, FeedbackSample: 1, TimeSpan.FromHours(24), RemembersAnswers: true, TimeSpan.FromMinutes(1)),
        new(Valid: true, 1_000, null, Now.AddDays(-200), Now.AddMinutes(-1), HasOwnKey: true),
        new(Enabled: true, TimeSpan.FromDays(200), MaxPerSecond: 0),
        new(
            new DataRetention(TimeSpan.FromDays(7), TimeSpan.FromDays(7), TimeSpan.FromDays(200), TimeSpan.FromHours(1), Jobs: TimeSpan.FromDays(7)), Now.AddMinutes(-10),
            ErasuresDone: 3, null, Looked: 100, Unsealed: 0, RetiredKeys: 0),
        new(
            Keys: 4, WithoutExpiry: 0, Admins: 1, AdminsWhoInfer: 0, Unused: 0, Now.AddDays(-100), TakesTokens: true, HasModelLimit: true, HasKeyLimit: true),
        new(ListensOnTls: true, RedisOverTls: true, HasManagementPorts: true, BoundsRequests: true, IsLoopbackOnly: false),
        new(Rules: 3, RulesThatTell: 2, WatchesErrors: true, WatchesQuality: true, HasDriftReference: true, HasDrifted: false, Predicted: 1_000, Labelled: 500));

    public static readonly Dictionary<string, Func<ComplianceFacts, ComplianceFacts>> Bad = new()
    {
        ["data.predictions.limited"] = facts => Retention(facts, facts.Privacy.Retention with { Predictions = null }),
        ["data.feedback.limited"] = facts => Retention(facts, facts.Privacy.Retention with { Feedback = null }),
        ["data.requests.limited"] = facts => Retention(facts, facts.Privacy.Retention with { Requests = null }),
        ["data.answers.limited"] = facts => Retention(facts, facts.Privacy.Retention with { Answers = null }),
        ["data.jobs.limited"] = facts => Retention(facts, facts.Privacy.Retention with { Jobs = null }),
        ["data.retention.enforced"] = facts => facts with { Privacy = facts.Privacy with { SweptAt = facts.At.AddDays(-3) } },
        ["data.erasure.timely"] = facts => facts with { Privacy = facts.Privacy with { OldestOpenErasure = facts.At.AddDays(-31) } },
        ["data.erasure.provable"] = facts => facts with { Audit = facts.Audit with { Valid = false } },
        ["data.sealed"] = facts => facts with { Privacy = facts.Privacy with { Unsealed = 1 } },
        ["data.minimal"] = facts => Serving(facts, serving => serving with { FeedbackTtl = TimeSpan.FromDays(31) }),
        ["records.audit.whole"] = facts => facts with { Audit = facts.Audit with { Valid = false, Reason = "An entry is missing." } },
        ["records.audit.in_use"] = facts => facts with { Audit = facts.Audit with { Entries = 0 } },
        ["records.audit.signed"] = facts => facts with { Audit = facts.Audit with { LastCheckpointAt = null } },
        ["records.audit.own_key"] = facts => facts with { Audit = facts.Audit with { HasOwnKey = false } },
        ["records.audit.kept"] = facts => facts with { Audit = facts.Audit with { Valid = false } },
        ["records.inference.events"] = facts => facts with { Lineage = facts.Lineage with { Enabled = false } },
        ["records.inference.complete"] = facts => facts with { Lineage = facts.Lineage with { MaxPerSecond = 500 } },
        ["records.inference.six_months"] = facts => facts with { Lineage = facts.Lineage with { Lifetime = TimeSpan.FromHours(24) } },
        ["records.version.history"] = facts => Version(facts, version => version with { HistorySteps = 0 }),
        ["security.artifact.encrypted"] = facts => Version(facts, version => version with { Encrypted = false }),
        ["security.artifact.signed"] = facts => Version(facts, version => version with { SignedBy = null }),
        ["security.artifact.digest"] = facts => Version(facts, version => version with { Sha256 = null }),
        ["security.transport.clients"] = facts => facts with { Transport = facts.Transport with { ListensOnTls = false } },
        ["security.transport.store"] = facts => facts with { Transport = facts.Transport with { RedisOverTls = false } },
        ["security.surfaces"] = facts => facts with { Transport = facts.Transport with { HasManagementPorts = false } },
        ["security.bounds"] = facts => facts with { Transport = facts.Transport with { BoundsRequests = false } },
        ["security.keys.expire"] = facts => facts with { Access = facts.Access with { WithoutExpiry = 1 } },
        ["security.keys.rotated"] = facts => facts with { Access = facts.Access with { OldestSecret = facts.At.AddDays(-366) } },
        ["security.keys.least_privilege"] = facts => facts with { Access = facts.Access with { AdminsWhoInfer = 1 } },
        ["security.keys.used"] = facts => facts with { Access = facts.Access with { Unused = 1 } },
        ["security.identity"] = facts => facts with { Access = facts.Access with { TakesTokens = false } },
        ["security.limits"] = facts => facts with { Access = facts.Access with { HasModelLimit = false, HasKeyLimit = false } },
        ["oversight.owner"] = facts => Model(facts, model => model with { Owner = "" }),
        ["oversight.purpose"] = facts => Model(facts, model => model with { Description = "" }),
        ["oversight.approval.required"] = facts => Model(facts, model => model with { NeedsApproval = false }),
        ["oversight.approval.given"] = facts => Version(facts, version => version with { ApprovedBy = [version.RegisteredBy] }),
        ["oversight.rollback"] = facts => Model(facts, model => model with { CanRollBack = false }),
        ["oversight.fallback"] = facts => Serving(facts, serving => serving with { HasFallback = false }),
        ["oversight.retired"] = facts => Model(facts, model => model with { HasVersionRetention = false }),
        ["oversight.alerts.told"] = facts => facts with { Monitoring = facts.Monitoring with { RulesThatTell = 0 } },
        ["quality.validation.required"] = facts => Model(facts, model => model with { NeedsValidation = false }),
        ["quality.validation.passed"] = facts => Version(facts, version => version with { ValidationRun = null }),
        ["quality.gates"] = facts => Model(facts, model => model with { Gates = 0 }),
        ["quality.datasets"] = facts => Model(facts, model => model with { Datasets = 0 }),
        ["quality.provenance"] = facts => Version(facts, version => version with { Commit = null }),
        ["quality.declared"] = facts => Version(facts, version => version with { DeclaredMetrics = 0 }),
        ["quality.dependencies"] = facts => Version(facts, version => version with { Dependencies = 0 }),
        ["quality.labels"] = facts => facts with { Monitoring = facts.Monitoring with { Labelled = 0 } },
        ["quality.drift.watched"] = facts => facts with { Monitoring = facts.Monitoring with { HasDriftReference = false } },
        ["quality.drift.none"] = facts => facts with { Monitoring = facts.Monitoring with { HasDrifted = true } },
        ["quality.alerts.errors"] = facts => facts with { Monitoring = facts.Monitoring with { WatchesErrors = false } },
        ["quality.alerts.quality"] = facts => facts with { Monitoring = facts.Monitoring with { WatchesQuality = false } },
        ["quality.robust"] = facts => Serving(facts, serving => serving with { Timeout = TimeSpan.FromHours(1) }),
        ["quality.redundant"] = facts => Serving(facts, serving => serving with { Workers = 1 }),
    };

    private static ComplianceFacts Retention(ComplianceFacts facts, DataRetention retention) => facts with { Privacy = facts.Privacy with { Retention = retention } };

    private static ComplianceFacts Model(ComplianceFacts facts, Func<ModelFacts, ModelFacts> change) => facts with { Registered = change(facts.Registered) };

    private static ComplianceFacts Version(ComplianceFacts facts, Func<VersionFacts, VersionFacts> change) => facts with { Production = change(facts.Production!) };

    private static ComplianceFacts Serving(ComplianceFacts facts, Func<ServingFacts, ServingFacts> change) => facts with { Serving = change(facts.Serving!) };
}
