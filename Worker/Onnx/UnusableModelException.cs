namespace Platform.Worker.Onnx;

/// <summary>A file cannot be served; the message says why and what to do, for whoever uploaded it.</summary>
internal sealed class UnusableModelException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>A loaded model refused its inputs or failed while it ran.</summary>
/// <param name="refusedInputs">Whether the runtime found fault with the inputs before it ran anything.</param>
internal sealed class ModelRunException(string message, bool refusedInputs, Exception? inner) : Exception(message, inner)
{
    public bool RefusedInputs => refusedInputs;
}
