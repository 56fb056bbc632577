using Platform.Worker.Onnx;
using Platform.Worker.Tensors;

namespace Platform.Worker.Serving;

/// <param name="Computed">Time in the model.</param>
internal sealed record BackgroundRun(ModelOutputs Outputs, TimeSpan Computed) : IDisposable
{
    public void Dispose() => Outputs.Dispose();
}

/// <summary>
/// Runs that nobody waits for at the front door, in the line of all others and behind them. The boundary between those
/// who have such runs and the part of the worker that answers requests.
/// </summary>
internal interface IBackgroundRuns
{
    /// <summary>Null when it had to give way; it may be tried again.</summary>
    /// <exception cref="ModelRunException">The model failed.</exception>
    Task<BackgroundRun?> TryRunAsync(ServedVersion version, Tensor[] inputs, int items, CancellationToken cancellation);
}
