using System.Collections.Immutable;
using Platform.Core.Privacy;

namespace Platform.Core.Compliance;

/// <summary>What the platform knows of itself and one model at one moment. Checks look at nothing else.</summary>
/// <param name="Production">Null while nothing is in production; checks of a version then do not apply.</param>
public sealed record ComplianceFacts(
    DateTimeOffset At,
    string Model,
    ModelFacts Registered,
    VersionFacts? Production,
    ServingFacts? Serving,
    AuditFacts Audit,
    LineageFacts Lineage,
    PrivacyFacts Privacy,
    AccessFacts Access,
    TransportFacts Transport,
    MonitoringFacts Monitoring);

/// <param name="HasVersionRetention">Whether old versions go by a rule.</param>
/// <param name="CanRollBack">Whether an earlier version was in production and is still there.</param>
public sealed record ModelFacts(
    string Owner, string Description, string Task, bool NeedsValidation, bool NeedsApproval, int Gates, int Datasets, bool HasVersionRetention, bool CanRollBack);

/// <param name="ApprovedBy">Who approved it, as its history has it.</param>
/// <param name="ValidationRun">Id of the run that made it validated.</param>
public sealed record VersionFacts(
    string Version,
    string RegisteredBy,
    string Description,
    string? Sha256,
    bool Encrypted,
    string? SignedBy,
    string? Dataset,
    string? Commit,
    int DeclaredMetrics,
    int Dependencies,
    int HistorySteps,
    ImmutableArray<string> ApprovedBy,
    string? ValidationRun);

/// <param name="PlanRevision">Of the plan that serves it.</param>
/// <param name="FeedbackTtl">How long predictions wait for labels.</param>
public sealed record ServingFacts(
    long PlanRevision, int Workers, int MaxQueue, TimeSpan Timeout, bool HasFallback, double FeedbackSample, TimeSpan FeedbackTtl, bool RemembersAnswers, TimeSpan AnswersTtl);

/// <param name="Valid">What a verification of the whole log came to, made for this report.</param>
/// <param name="FirstEntryAt">When the log began; null for an empty one.</param>
/// <param name="HasOwnKey">Whether the signing key is another than the one derived from the platform key.</param>
public sealed record AuditFacts(
    bool Valid, long Entries, string? Reason, DateTimeOffset? FirstEntryAt, DateTimeOffset? LastCheckpointAt, bool HasOwnKey);

public sealed record LineageFacts(bool Enabled, TimeSpan Lifetime, int MaxPerSecond);

/// <param name="SweptAt">When the retention policy was last enforced.</param>
/// <param name="Looked">Records of requests and people that were looked at for this report.</param>
/// <param name="Unsealed">Of those: not encrypted.</param>
/// <param name="RetiredKeys">Platform keys that are only read with.</param>
public sealed record PrivacyFacts(
    DataRetention Retention, DateTimeOffset? SweptAt, long ErasuresDone, DateTimeOffset? OldestOpenErasure, int Looked, int Unsealed, int RetiredKeys);

/// <param name="Keys">Active keys.</param>
/// <param name="OldestSecret">When the oldest secret of an active key was made.</param>
public sealed record AccessFacts(
    int Keys, int WithoutExpiry, int Admins, int AdminsWhoInfer, int Unused, DateTimeOffset? OldestSecret, bool TakesTokens, bool HasModelLimit, bool HasKeyLimit);

/// <param name="BoundsRequests">Whether the bounds that hold before anybody has signed in are as tight as advised.</param>
public sealed record TransportFacts(bool ListensOnTls, bool RedisOverTls, bool HasManagementPorts, bool BoundsRequests, bool IsLoopbackOnly);

/// <param name="Rules">Rules that are switched on for the model.</param>
/// <param name="RulesThatTell">Of those: with a channel.</param>
/// <param name="Labelled">Predictions of the last 30 days that have a label.</param>
public sealed record MonitoringFacts(
    int Rules, int RulesThatTell, bool WatchesErrors, bool WatchesQuality, bool HasDriftReference, bool HasDrifted, long Predicted, long Labelled);
