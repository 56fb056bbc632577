using System.Globalization;
using StackExchange.Redis;

namespace Platform.SharedState;

/// <summary>Every Redis key and channel that processes share.</summary>
internal static class Keys
{
    /// <summary>Hash: model name → plan. One read gives all plans, one write replaces one.</summary>
    public static readonly RedisKey Plans = "plans";

    /// <summary>Announces the name of a model whose plan changed.</summary>
    public static readonly RedisChannel PlanChanged = RedisChannel.Literal("plans");

    /// <summary>Set of the ids of workers whose lease may be alive.</summary>
    public static readonly RedisKey Workers = "workers";

    /// <summary>Announces the id of a worker whose lease says something new.</summary>
    public static readonly RedisChannel WorkerChanged = RedisChannel.Literal("workers");

    /// <summary>Hash: model name → summary for lists.</summary>
    public static readonly RedisKey ModelIndex = "index:models";

    /// <summary>Hash: model@version without build metadata → summary for lists.</summary>
    public static readonly RedisKey VersionIndex = "index:versions";

    /// <summary>Hash: key id → API key without its secret, and the revision of the whole.</summary>
    public static readonly RedisKey ApiKeys = "keys";

    /// <summary>Announces that API keys changed.</summary>
    public static readonly RedisChannel ApiKeysChanged = RedisChannel.Literal("keys");

    /// <summary>Hash: key id → Unix milliseconds of its last use.</summary>
    public static readonly RedisKey ApiKeysUsed = "keys:used";

    /// <summary>Hash: subject → what it is held to, and the revision of the whole.</summary>
    public static readonly RedisKey Limits = "limits";

    /// <summary>Announces that limits changed.</summary>
    public static readonly RedisChannel LimitsChanged = RedisChannel.Literal("limits");

    /// <summary>Sorted set: Apis by when they last said that they are there.</summary>
    public static readonly RedisKey Apis = "apis";

    /// <summary>Hash: what is left in a token bucket, and as of when.</summary>
    public static RedisKey Bucket(string name) => "bucket:" + name;

    /// <summary>Sorted set: models that were counted, by the last minute in which they were.</summary>
    public static readonly RedisKey MetricModels = "metrics:models";

    /// <summary>Set: "model/id" of rollouts that are to be driven.</summary>
    public static readonly RedisKey OpenRollouts = "rollouts:open";

    /// <summary>Set: "model/name" of experiments that are to be driven.</summary>
    public static readonly RedisKey OpenExperiments = "experiments:open";

    /// <summary>Hash: how mirrored answers of one second compared.</summary>
    public static RedisKey ShadowSecond(string model, string version, long second) => $"shadow:{model}:{version}:{second}";

    public static RedisKey Worker(string id) => "worker:" + id;

    /// <summary>Who answered the request that is hashed to that name; sealed.</summary>
    public static RedisKey Request(string name) => "request:" + name;

    /// <summary>The signed checkpoint over all that the audit log has; whoever replaces it has appended.</summary>
    public static readonly RedisKey AuditHead = "audit:head";

    /// <summary>List: the root of each complete chunk of the audit log, 32 bytes each.</summary>
    public static readonly RedisKey AuditRoots = "audit:roots";

    /// <summary>List: what each complete chunk holds, for searches.</summary>
    public static readonly RedisKey AuditSummaries = "audit:summaries";

    /// <summary>List: the signed checkpoints that are kept.</summary>
    public static readonly RedisKey AuditCheckpoints = "audit:checkpoints";

    /// <summary>List: the entries of a chunk, as their bytes.</summary>
    public static RedisKey AuditEntries(long chunk) => "audit:entries:" + chunk.ToString(CultureInfo.InvariantCulture);

    /// <summary>List: the leaf hashes of a chunk's entries, 32 bytes each.</summary>
    public static RedisKey AuditLeaves(long chunk) => "audit:leaves:" + chunk.ToString(CultureInfo.InvariantCulture);
    /// <summary>Hash: version → its number, of one model.</summary>
    public static RedisKey VersionNumbers(string model) => "version-numbers:" + model;

    /// <summary>Hash: counter → number, of one version.</summary>
    public static RedisKey Statistics(string model, string version) => $"statistics:{model}@{version}";

    /// <summary>Sorted set: names of requests that feedback came for before their prediction, by the second it came.</summary>
    public static readonly RedisKey HeldFeedback = "feedback:held";

    /// <summary>String, sealed: who predicted what, or <c>@</c> and the name that it is remembered by.</summary>
    /// <param name="name">The request's id, hashed.</param>
    public static RedisKey Prediction(string name) => "prediction:" + name;

    /// <summary>Hash: what was said of a prediction since, each sealed.</summary>
    public static RedisKey Labels(string name) => "labels:" + name;

    /// <summary>List: feedback that waits for its prediction, each piece sealed.</summary>
    public static RedisKey HeldFeedbackOf(string name) => "feedback:held:" + name;

    /// <summary>String: the data key of a person's records, sealed. Without it they cannot be read.</summary>
    public static RedisKey SubjectKey(string subject) => $"subject:{subject}:key";

    /// <summary>Hash: id → receipt of an erasure that is done. Kept for good.</summary>
    public static readonly RedisKey Erasures = "privacy:erasures";

    /// <summary>Sorted set: erasures that are under way, by the millisecond in which they were asked for.</summary>
    public static readonly RedisKey OpenErasures = "privacy:erasures:open";

    /// <summary>String: the Unix millisecond up to which nothing of a person may be kept.</summary>
    public static RedisKey SubjectErased(string subject) => $"subject:{subject}:erased";

    /// <summary>Sorted set: where something is held of a person, by when it expires.</summary>
    public static RedisKey SubjectRecords(string subject) => $"subject:{subject}:records";

    /// <summary>Hash: route|counter → number.</summary>
    public static RedisKey QualitySlot(string model, string version, string size, long startSeconds) =>
        $"quality:{model}:{version}:{size}:{startSeconds}";

    /// <summary>Set: the names of a version's outcomes.</summary>
    public static RedisKey OutcomeNames(string model, string version) => $"outcomes:{model}:{version}";

    /// <summary>Says that a step was taken, so that a repeated one is not taken twice.</summary>
    public static RedisKey Once(string step) => "once:" + step;

    /// <summary>String: what a version's requests and answers are held against. Kept as long as the version.</summary>
    public static RedisKey DriftReference(string model, string version) => $"drift:{model}:{version}";

    /// <summary>Hash: feature:bin → items of the reference. Kept as long as the version.</summary>
    public static RedisKey DriftReferenceCounts(string referenceId) => "drift:reference:" + referenceId;

    /// <summary>Hash: feature:bin → items of a slot.</summary>
    public static RedisKey DriftSlot(string referenceId, string size, long startSeconds) => $"drift:{size}:{referenceId}:{startSeconds}";

    /// <summary>String: a remembered answer to an inference, sealed.</summary>
    public static RedisKey Answer(string name) => "answer:" + name;

    /// <summary>String: the answer to a request that carried an idempotency key, sealed.</summary>
    public static RedisKey Idempotency(string name) => "idempotency:" + name;

    /// <summary>Sorted set: versions that were counted, by the last minute in which they were.</summary>
    public static RedisKey MetricVersions(string model) => $"metrics:{model}:versions";

    /// <summary>Sorted set: minutes to which processes still add, as "minute@version" by the minute.</summary>
    public static RedisKey MetricOpen(string model) => $"metrics:{model}:open";

    /// <summary>Hash: "hour@version" of hours that are not added up since a minute of them was packed → what made it so.</summary>
    public static RedisKey MetricHours(string model) => $"metrics:{model}:hours";

    /// <summary>Hash: what was counted in a second, field by field.</summary>
    public static RedisKey MetricSecond(string model, string version, long second) => $"metrics:{model}:{version}:s{second}";

    /// <summary>Hash: what was counted in a minute, field by field, until it is packed.</summary>
    public static RedisKey MetricMinute(string model, string version, long minute) => $"metrics:{model}:{version}:m{minute}";

    /// <summary>Hash: packed minutes and hours of one day, by their number with "m" or "h" before it.</summary>
    public static RedisKey MetricDay(string model, string version, long day) => $"metrics:{model}:{version}:d{day}";

    /// <summary>The number of the last flush of a process that was applied, so that none is applied twice.</summary>
    public static RedisKey MetricFlush(string process) => $"metrics:flush:{process}";

    /// <summary>Hash: rule → its alerts.</summary>
    public static readonly RedisKey AlertBoard = "alerts:board";

    /// <summary>Sorted set: what alerts did, by the millisecond.</summary>
    public static readonly RedisKey AlertHistory = "alerts:history";

    /// <summary>Set: groups of notifications that hold an alert.</summary>
    public static readonly RedisKey AlertGroups = "alerts:groups";

    /// <summary>Hash: fingerprint → alert of a group.</summary>
    public static RedisKey AlertGroup(string group) => "alerts:group:" + group;

    /// <summary>Hash: id → notification that a channel would not take.</summary>
    public static RedisKey DeadLetters(string channel) => "alerts:dead:" + channel;

    /// <summary>Hash: unit → its arm, "unit|metric" → its first outcome.</summary>
    public static RedisKey ExperimentUnits(string experiment) => $"experiment:{experiment}:units";

    /// <summary>Hash: what was counted of an experiment, by metric and arm.</summary>
    public static RedisKey ExperimentSums(string experiment) => $"experiment:{experiment}:sums";

    /// <summary>Hash: what a version's requests are held against, under "profile" and "squeezing". Kept for good.</summary>
    public static RedisKey ProtectionReference(string model, string version) => $"protection:reference:{model}:{version}";

    /// <summary>Hash: minute|reason → findings of an hour.</summary>
    public static RedisKey ProtectionHour(string model, string version, long hour) => $"protection:{model}:{version}:{hour}";

    /// <summary>Sorted set: model|caller by the millisecond until which it is slowed down.</summary>
    public static readonly RedisKey ThrottledCallers = "protection:throttled";

    /// <summary>Hash: digest of a request → what it did.</summary>
    public static readonly RedisKey Quarantine = "quarantine";

    /// <summary>Sorted set: digests of requests that a worker went down with, by the millisecond until which that is remembered.</summary>
    public static readonly RedisKey CrashSuspects = "quarantine:suspects";

    /// <summary>Set: workers that went down with a request that has not been answered since.</summary>
    public static RedisKey CrashMarks(string digest) => "quarantine:marks:" + digest;
    /// <summary>Hash: id of a job → its model.</summary>
    public static readonly RedisKey Jobs = "jobs";

    /// <summary>Set: ids of jobs that are to be driven.</summary>
    public static readonly RedisKey OpenJobs = "jobs:open";

    /// <summary>Set: names of queues in which work may wait.</summary>
    public static readonly RedisKey JobQueues = "jobs:queues";

    /// <summary>Sorted set: work in hand, by the millisecond at which its lease ends.</summary>
    public static readonly RedisKey JobLeases = "jobs:leases";

    /// <summary>Hash: work in hand → who has it, and the queue that it came from.</summary>
    public static readonly RedisKey JobHolders = "jobs:holders";

    /// <summary>Sorted set: work that waits, by its place in the order.</summary>
    public static RedisKey JobQueue(string name) => "jobs:queue:" + name;

    /// <summary>Hash: how far the upload of a job's rows is.</summary>
    public static RedisKey JobInput(string job) => $"jobs:{job}:input";

    /// <summary>List: the files that hold a job's uploaded rows.</summary>
    public static RedisKey JobSegments(string job) => $"jobs:{job}:segments";

    /// <summary>Hash: what workers must know of a job, and how far they are.</summary>
    public static RedisKey JobWork(string job) => $"jobs:{job}:work";

    /// <summary>Hash: shard → its rows.</summary>
    public static RedisKey JobShards(string job) => $"jobs:{job}:shards";

    /// <summary>Hash: shard → what became of it.</summary>
    public static RedisKey JobResults(string job) => $"jobs:{job}:results";

    /// <summary>Hash: piece of work → how many workers it cost.</summary>
    public static RedisKey JobLosses(string job) => $"jobs:{job}:losses";
}
