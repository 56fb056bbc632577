using Platform.Worker.Inference.Codec;
using Platform.Worker.Serving;

namespace Platform.Worker.Inference.Protection;

/// <summary>One item in several squeezed forms, with what the model said of it as it came. Holds the version and its memory.</summary>
internal sealed class SqueezeJob(ServedVersion version, double[] answer, IReadOnlyList<InferRequest> squeezed) : IDisposable
{
    public ServedVersion Version => version;

    public double[] Answer => answer;

    public IReadOnlyList<InferRequest> Squeezed => squeezed;

    public void Dispose()
    {
        foreach (var request in squeezed) request.Dispose();
        version.Dispose();
    }
}
