namespace Platform.Api.Serving;

/// <summary>May turn an inference away before it is routed.</summary>
internal interface ICallGate
{
    /// <summary>Null to let it pass.</summary>
    ValueTask<InferenceAnswer?> RefuseAsync(InferenceCall call);
}
