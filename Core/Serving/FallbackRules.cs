using System.Text.Json;
using Platform.Core.Models;
using Platform.Core.Results;

namespace Platform.Core.Serving;

/// <summary>What a deployment may fall back on.</summary>
public static class FallbackRules
{
    public const int MaxAnswerLength = 64 * 1024;
    private const string AnswerField = "config.fallback.answer";

    public static Refusal? Refuse(FallbackConfig? fallback)
    {
        if (fallback is null) return null;
        if (fallback is { Version: null, Cache: false, Answer: null })
            return Refusal.Invalid("config.fallback", "Name a version (or \"stable\"), \"cache\": true, or an \"answer\".");
        if (fallback.Version is { } version && version != FallbackConfig.Stable && !VersionNumber.TryParse(version, out _))
            return Refusal.Invalid("config.fallback.version", $"'{version}' is neither \"stable\" nor a version.");
        return fallback.Answer is { } answer ? RefuseAnswer(answer) : null;
    }

    private static Refusal? RefuseAnswer(string answer)
    {
        if (answer.Length > MaxAnswerLength) return Refusal.Invalid(AnswerField, $"Give at most {MaxAnswerLength} characters.");
        using var json = JsonDocument.Parse(answer);
        if (!json.RootElement.TryGetProperty("outputs", out var outputs) || outputs.ValueKind != JsonValueKind.Array || outputs.GetArrayLength() == 0)
            return Refusal.Invalid(AnswerField + ".outputs", "Give at least one output.");
        return outputs.EnumerateArray().All(IsTensor)
            ? null
            : Refusal.Invalid(AnswerField + ".outputs", "Each output has name and datatype (texts), shape (numbers) and data (an array).");
    }

    private static bool IsTensor(JsonElement output) =>
        output.ValueKind == JsonValueKind.Object
        && Has(output, "name", JsonValueKind.String) && Has(output, "datatype", JsonValueKind.String) && Has(output, "data", JsonValueKind.Array)
        && Has(output, "shape", JsonValueKind.Array)
        && output.GetProperty("shape").EnumerateArray().All(size => size.ValueKind == JsonValueKind.Number && size.TryGetInt64(out var number) && number >= 0);

    private static bool Has(JsonElement output, string name, JsonValueKind kind) => output.TryGetProperty(name, out var value) && value.ValueKind == kind;
}
