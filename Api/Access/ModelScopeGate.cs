using Platform.Api.Serving;

namespace Platform.Api.Access;

/// <summary>Keeps callers to their models where a protocol names the model in the message instead of the path.</summary>
internal sealed class ModelScopeGate(AccessMetrics metrics) : ICallGate
{
    public ValueTask<InferenceAnswer?> RefuseAsync(InferenceCall call)
    {
        if (call.IsAdmitted || call.Caller.MayUse(call.Model)) return default;
        metrics.Refused("model");
        return new(InferenceAnswer.Refused(
            StatusCodes.Status403Forbidden, $"This key is limited to certain models, and '{call.Model}' is not one of them."));
    }
}
