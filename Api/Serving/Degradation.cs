using System.Text.Encodings.Web;
using System.Text.Json;
using Platform.Core.Serving;
using Platform.SharedState.Plans;

namespace Platform.Api.Serving;

/// <summary>What the deployment has said shall answer while no worker can serve the version.</summary>
internal sealed class Degradation(PlanFollower plans, Dispatcher dispatcher)
{
    public const string Route = "fallback";

    /// <summary>Another version's answer, or null when the plan names none or it cannot answer either.</summary>
    public async Task<(PlacedVersion Version, InferenceAnswer Answer)?> AskOtherAsync(
        InferenceCall call, PlacedVersion placed, CancellationToken deadline, CancellationToken caller)
    {
        if (placed.Config.Fallback?.Version is not { } name || !plans.Plans.TryGetValue(call.Model, out var plan)) return null;
        var wanted = name == FallbackConfig.Stable ? plan.Routes.FirstOrDefault(route => route.Route == FallbackConfig.Stable)?.Version : name;
        if (wanted is null || plan.Find(wanted) is not { } other || other.Version == placed.Version) return null;
        var answer = await dispatcher.AskAsync(call, other, Route, deadline, caller);
        return answer.Error is null ? (other, answer) : null;
    }

    /// <summary>The fixed answer of the deployment, or null when it has none.</summary>
    public static InferenceAnswer? FixedAnswer(InferenceCall call, PlacedVersion placed)
    {
        if (placed.Config.Fallback?.Answer is not { } text) return null;
        using var json = JsonDocument.Parse(text);
        using var body = new MemoryStream();
        using (var writer = new Utf8JsonWriter(body, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            writer.WriteString("model_name", call.Model);
            writer.WriteString("model_version", placed.Version);
            writer.WriteString("id", call.RequestId);
            writer.WritePropertyName("outputs");
            json.RootElement.GetProperty("outputs").WriteTo(writer);
            writer.WriteEndObject();
        }

        return new() { Status = StatusCodes.Status200OK, Body = body.ToArray(), ContentType = "application/json", Version = placed.Version, Route = Route };
    }
}
