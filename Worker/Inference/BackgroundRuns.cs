using Platform.Core.Batching;
using Platform.Worker.Inference.Codec;
using Platform.Worker.Serving;
using Platform.Worker.Tensors;

namespace Platform.Worker.Inference;

/// <summary>Brings runs of no request into the line, at the lowest priority.</summary>
internal sealed class BackgroundRuns(Executors executors, TimeProvider clock) : IBackgroundRuns
{
    private static readonly TimeSpan Patience = TimeSpan.FromHours(1);

    public async Task<BackgroundRun?> TryRunAsync(ServedVersion version, Tensor[] inputs, int items, CancellationToken cancellation)
    {
        // It owns none of the tensors' memory, which stays with whoever brought them.
        using var request = new InferRequest
        {
            Inputs = inputs, BatchSize = items, OutputSpecs = version.Model.Interface.Outputs, Priority = PriorityLevels.Lowest, RunsAlone = true,
        };
        try
        {
            var execution = await executors.RunAsync(version, request, clock.GetTimestamp(), Patience, cancellation);
            return new BackgroundRun(execution.Outputs, execution.Computed);
        }
        catch (RequestException)
        {
            // Its place was needed for a request, or its time came to nothing.
            return null;
        }
    }
}
