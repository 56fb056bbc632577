using Microsoft.ML.OnnxRuntime;
using Platform.Core.Models;

namespace Platform.Worker.Onnx;

/// <summary>Looks at a file that nobody vouches for yet.</summary>
internal static class OnnxInspector
{
    /// <summary>The file's signature; <paramref name="cancellation"/> stops the runtime while it builds the graph.</summary>
    /// <exception cref="UnusableModelException">It cannot be served.</exception>
    public static ModelSignature Read(byte[] model, CancellationToken cancellation)
    {
        var file = OnnxFile.Read(model);
        // Unoptimised: folding constants would run a stranger's graph, with whatever memory it likes.
        using var options = Sessions.NewOptions(GraphOptimizationLevel.ORT_DISABLE_ALL);
        using var stop = cancellation.Register(() => options.SetLoadCancellationFlag(true));
        using var session = Sessions.Open(model, options);
        return SignatureReader.Read(session, file);
    }
}
