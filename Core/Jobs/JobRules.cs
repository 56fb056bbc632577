using System.Text.RegularExpressions;
using Platform.Core.Models;
using Platform.Core.Results;

namespace Platform.Core.Jobs;

/// <summary>What a job may ask for.</summary>
public static partial class JobRules
{
    public const int MaxBatchSize = 4_096;
    public const int FirstPriority = 1;
    public const int LastPriority = 9;
    public const int DefaultPriority = 5;
    public const string DatasetScheme = "dataset:";
    public const string DigestScheme = "sha256:";
    private const int MaxVersionLength = 256;

    /// <summary>The job in full, or the field at fault.</summary>
    public static Outcome<JobConfig> Check(JobSpec spec)
    {
        if (spec.Model is not { } model || !Names.IsValid(model)) return Refusal.Invalid("model", $"Name the model: {Names.Rule}");
        if (spec.Version is { } version && version.Length is 0 or > MaxVersionLength)
            return Refusal.Invalid("version", "Give a version, a range or a tag, or leave it out for the one in production.");
        if (spec.Input?.Format is not { } format || !JobFormats.Inputs.Contains(format))
            return Refusal.Invalid("input.format", $"Give one of {string.Join(", ", JobFormats.Inputs)}.");
        if (spec.Input.Uri is { } uri && !Reference().IsMatch(uri))
        {
            return Refusal.Invalid(
                "input.uri", $"Give {DatasetScheme}<name> or {DigestScheme}<digest>, a dataset of the model. Other places are not read from; upload the rows instead.");
        }

        var output = spec.Output?.Format ?? JobFormats.Outputs[0];
        if (!JobFormats.Outputs.Contains(output)) return Refusal.Invalid("output.format", $"Give one of {string.Join(", ", JobFormats.Outputs)}.");
        if (spec.BatchSize is < 1 or > MaxBatchSize) return Refusal.Invalid("batch_size", $"Give a number of rows from 1 to {MaxBatchSize}.");
        if (spec.Priority is < FirstPriority or > LastPriority)
            return Refusal.Invalid("priority", $"Give a number from {FirstPriority}, first, to {LastPriority}.");
        if (spec.MaxFailedRows is < 0) return Refusal.Invalid("max_failed_rows", "Give a number of rows from 0, or leave it out to go on however many fail.");
        return new JobConfig(
            model, spec.Version, format, spec.Input.Uri, output, spec.BatchSize, spec.Priority ?? DefaultPriority, spec.MaxFailedRows);
    }

    [GeneratedRegex(@"^(dataset:[a-z0-9]([a-z0-9._-]{0,62}[a-z0-9])?|sha256:[0-9a-f]{64})\z")]
    private static partial Regex Reference();
}
