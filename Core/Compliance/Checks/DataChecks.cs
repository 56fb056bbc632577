using System.Collections.Immutable;
using Platform.Core.Privacy;

namespace Platform.Core.Compliance.Checks;

/// <summary>How long data of people is kept, that it goes when asked, and that it is sealed.</summary>
internal static class DataChecks
{
    /// <summary>GDPR Art. 12(3): one month.</summary>
    private static readonly TimeSpan ErasureLimit = TimeSpan.FromDays(30);

    /// <summary>A sweep may miss a reminder or two before it counts as not enforced.</summary>
    private static readonly TimeSpan SweepLimit = TimeSpan.FromDays(2);

    public static ImmutableArray<ComplianceCheck> All { get; } =
    [
        ComplianceCheck.OfServing("data.predictions.limited", "Predictions are kept for a limited time that a policy sets", (facts, _) =>
            Limited(facts.Privacy.Retention.Predictions, "predictions")),
        new("data.feedback.limited", "Feedback is kept for a limited time that a policy sets", facts => Limited(facts.Privacy.Retention.Feedback, "feedback")),
        new("data.requests.limited", "Records of who answered a request are kept for a limited time that a policy sets", facts => facts.Lineage.Enabled
            ? Limited(facts.Privacy.Retention.Requests, "requests")
            : Finding.NotApplicable("Lineage is switched off, so no such records are made.")),
        ComplianceCheck.OfServing("data.answers.limited", "Remembered answers are kept for a limited time that a policy sets", (facts, serving) => serving.RemembersAnswers
            ? Limited(facts.Privacy.Retention.Answers, "answers")
            : Finding.NotApplicable("The version remembers no answers.")),
        new("data.jobs.limited", "Inputs, outputs and errors of batch jobs are kept for a limited time that a policy sets", facts =>
            Limited(facts.Privacy.Retention.Jobs, "jobs")),
        new("data.retention.enforced", "The retention policy is enforced by a reminder", facts =>
            facts.Privacy.Retention == new DataRetention()
                ? Finding.Of(false, "There is no retention policy to enforce.", "GET /v1/privacy/retention")
                : Finding.Of(
                    facts.Privacy.SweptAt is { } swept && facts.At - swept <= SweepLimit,
                    facts.Privacy.SweptAt is { } at ? $"What is stored was last held against the policy at {at:u}." : "What is stored was not held against the policy yet.",
                    "GET /v1/privacy/retention")),
        new("data.erasure.timely", "No erasure that was asked for is open for more than 30 days", facts => facts.Privacy.OldestOpenErasure is { } open
            ? Finding.Of(facts.At - open <= ErasureLimit, $"The oldest erasure that is not complete was asked for at {open:u}.", "GET /v1/audit?action=privacy.erase")
            : Finding.Of(true, $"No erasure is open; {facts.Privacy.ErasuresDone} are complete.", "GET /v1/audit?action=privacy.erased")),
        new("data.erasure.provable", "Completed erasures are in an audit log that verifies", facts => facts.Privacy.ErasuresDone == 0
            ? Finding.NotApplicable("Nobody was erased yet.")
            : Finding.Of(facts.Audit.Valid, $"{facts.Privacy.ErasuresDone} erasures, each with a signed receipt and an entry of the log.", "GET /v1/audit?action=privacy.erased", "GET /v1/audit/verify")),
        new("data.sealed", "What is stored of requests and people is encrypted", facts => facts.Privacy.Looked == 0
            ? Finding.NotApplicable("Nothing is stored of requests just now.")
            : Finding.Of(facts.Privacy.Unsealed == 0, $"Of {facts.Privacy.Looked} records that were looked at {facts.Privacy.Unsealed} are not encrypted.", "docs/privacy.md")),
        ComplianceCheck.OfServing("data.minimal", "Predictions wait for labels no longer than 30 days", (_, serving) => serving.FeedbackSample <= 0
            ? Finding.NotApplicable("No prediction of this version is kept.")
            : Finding.Of(serving.FeedbackTtl <= TimeSpan.FromDays(30), $"Predictions wait {DurationConverter.Format(serving.FeedbackTtl)} for labels.", "config.feedback.ttl of the deployment")),
    ];

    private static Finding Limited(TimeSpan? age, string kind) => Finding.Of(
        age is not null, age is { } most ? $"The policy removes {kind} older than {DurationConverter.Format(most)}." : $"No policy sets a longest age of {kind}.",
        "GET /v1/privacy/retention");
}
