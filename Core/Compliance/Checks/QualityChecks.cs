using System.Collections.Immutable;

namespace Platform.Core.Compliance.Checks;

/// <summary>Whether the version was tested before it served, and is watched since.</summary>
internal static class QualityChecks
{
    public static ImmutableArray<ComplianceCheck> All { get; } =
    [
        new("quality.validation.required", "Validation is required before production", facts => Finding.Of(
            facts.Registered.NeedsValidation, facts.Registered.NeedsValidation ? "The model's policy asks for a validation run." : "A person's word makes a version validated.", $"GET /v1/models/{facts.Model}")),
        ComplianceCheck.OfVersion("quality.validation.passed", "The version passed a validation run", (facts, version) => Finding.Of(
            version.ValidationRun is not null, version.ValidationRun is { } run ? $"Run {run} passed." : "No run made it validated.",
            $"GET /v1/models/{facts.Model}/versions/{version.Version}/validations")),
        new("quality.gates", "The model has gates that a version must meet", facts => Finding.Of(
            facts.Registered.Gates > 0, $"{facts.Registered.Gates} gates.", $"GET /v1/models/{facts.Model}/gates")),
        new("quality.datasets", "The model has data to be tested on", facts => Finding.Of(
            facts.Registered.Datasets > 0, $"{facts.Registered.Datasets} datasets.", $"GET /v1/models/{facts.Model}/datasets")),
        ComplianceCheck.OfVersion("quality.provenance", "Training data and code of the version are named", (facts, version) => Finding.Of(
            version.Dataset is not null && version.Commit is not null,
            $"Dataset: {version.Dataset ?? "not named"}; commit: {version.Commit ?? "not named"}.", $"GET /v1/models/{facts.Model}/versions/{version.Version}")),
        ComplianceCheck.OfVersion("quality.declared", "Accuracy is declared and documented", (facts, version) => Finding.Of(
            version.DeclaredMetrics > 0 && version.Description.Length > 0, $"{version.DeclaredMetrics} declared metrics; {(version.Description.Length > 0 ? "described" : "not described")}.",
            $"GET /v1/models/{facts.Model}/versions/{version.Version}")),
        ComplianceCheck.OfVersion("quality.dependencies", "What the version was built with is listed", (facts, version) => Finding.Of(
            version.Dependencies > 0, $"{version.Dependencies} dependencies.", $"GET /v1/models/{facts.Model}/versions/{version.Version}")),
        ComplianceCheck.OfServing("quality.labels", "Predictions are held against the truth", (facts, _) => facts.Monitoring.Predicted == 0
            ? Finding.NotApplicable("There were no predictions in the last 30 days.")
            : Finding.Of(facts.Monitoring.Labelled > 0, $"{facts.Monitoring.Labelled} of {facts.Monitoring.Predicted} predictions of the last 30 days have a label.", $"GET /v1/models/{facts.Model}/quality?window=30d")),
        ComplianceCheck.OfServing("quality.drift.watched", "Input is compared with a reference", (facts, _) => Finding.Of(
            facts.Monitoring.HasDriftReference, facts.Monitoring.HasDriftReference ? "The version has a reference." : "The version has no reference yet.", $"GET /v1/models/{facts.Model}/drift")),
        ComplianceCheck.OfServing("quality.drift.none", "Input has not drifted", (facts, _) => facts.Monitoring.HasDriftReference
            ? Finding.Of(!facts.Monitoring.HasDrifted, facts.Monitoring.HasDrifted ? "The last hour differs from the reference." : "The last hour does not differ from the reference.", $"GET /v1/models/{facts.Model}/drift")
            : Finding.NotApplicable("The version has no reference yet.")),
        new("quality.alerts.errors", "A rule watches for errors", facts => Finding.Of(
            facts.Monitoring.WatchesErrors, facts.Monitoring.WatchesErrors ? "A rule on errors is on." : "No rule on errors is on.", "GET /v1/alert-rules")),
        new("quality.alerts.quality", "A rule watches quality or drift", facts => Finding.Of(
            facts.Monitoring.WatchesQuality, facts.Monitoring.WatchesQuality ? "A rule on quality or drift is on." : "No rule on quality or drift is on.", "GET /v1/alert-rules")),
        ComplianceCheck.OfServing("quality.robust", "Queue and time of a request are bounded", (_, serving) => Finding.Of(
            serving.MaxQueue > 0 && serving.Timeout > TimeSpan.Zero && serving.Timeout <= TimeSpan.FromMinutes(10),
            $"At most {serving.MaxQueue} wait, {DurationConverter.Format(serving.Timeout)} long.", "config.limits of the deployment")),
        ComplianceCheck.OfServing("quality.redundant", "More than one worker holds the version", (_, serving) => Finding.Of(
            serving.Workers > 1, $"{serving.Workers} workers have it ready.", "GET /v1/workers")),
    ];
}
