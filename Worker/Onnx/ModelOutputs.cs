namespace Platform.Worker.Onnx;

/// <summary>What a run gave, in memory that lives until it is disposed: the runtime's own, as a rule.</summary>
internal sealed class ModelOutputs(OutputTensor[] tensors, IDisposable owner) : IDisposable
{
    public OutputTensor[] Tensors => tensors;

    public long Bytes => tensors.Sum(tensor => (long)tensor.Bytes.Length);

    public void Dispose() => owner.Dispose();
}
