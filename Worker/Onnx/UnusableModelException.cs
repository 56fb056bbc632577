namespace Platform.Worker.Onnx;

/// <summary>A file cannot be served; the message says why and what to do, for whoever uploaded it.</summary>
internal sealed class UnusableModelException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>A loaded model refused its inputs or failed while it ran.</summary>
/// <param name="refusedInputs">Whether the runtime found fault with the inputs before it ran anything.</param>
internal sealed class ModelRunException(string message, bool refusedInputs, Exception? inner) : Exception(message, inner)
{
    private const string BeforeValues = "Status Message:";

    public bool RefusedInputs => refusedInputs;

    /// <summary>
    /// The kind of fault and the node that was running, for logs. What the runtime says after that may cite the inputs, such
    /// as an index that is out of bounds or a text that is no number: the caller's to know and nobody else's.
    /// </summary>
    public string Where => Message.IndexOf(BeforeValues, StringComparison.Ordinal) is > 0 and var cut ? Message[..cut].TrimEnd()
        : Message.StartsWith('[') && Message.IndexOf(']', StringComparison.Ordinal) is > 0 and var end ? Message[..(end + 1)]
        : "";
}
