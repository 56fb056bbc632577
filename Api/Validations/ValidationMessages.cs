using Platform.Core.Models;
using Platform.Core.Models.Validations;

namespace Platform.Api.Validations;

/// <param name="Dataset">One of the model's datasets; left out, its only one.</param>
public sealed record ValidateRequest(string? Dataset);

/// <param name="Comment">Why it may go to production; it stays in the history.</param>
public sealed record ApproveRequest(string? Comment);

public sealed record ValidationStartedResponse(string Id, ValidationState State);

/// <param name="Production">The version that it was measured against.</param>
/// <param name="Attempts">How many workers were asked.</param>
/// <param name="Report">All that was found; null until it ended.</param>
/// <param name="Reason">What failed, or why it could not be carried through.</param>
public sealed record ValidationResponse(
    string Id, string Model, string Version, string? Dataset, string? Production, ValidationState State, string By,
    DateTimeOffset StartedAt, DateTimeOffset? EndedAt, int Attempts, string? Worker, ValidationReport? Report, string? Reason)
{
    internal static ValidationResponse From(ValidationRun run) => new(
        run.Id, run.Model, run.Version.Version, run.Dataset?.Name, run.Production?.Version, run.State, run.By,
        run.StartedAt, run.EndedAt, run.Attempts, run.Worker, run.Report, run.Reason);
}

public sealed record ApprovalResponse(string Model, string Version, VersionStage Stage);
