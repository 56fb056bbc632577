using System.Threading.Channels;
using Microsoft.Extensions.Options;
using Platform.Core.Protection;
using Platform.SharedState.Protection;
using Platform.Worker.Inference.Codec;
using Platform.Worker.Onnx;
using Platform.Worker.Serving;
using Platform.Worker.Serving.Protection;

namespace Platform.Worker.Inference.Protection;

/// <summary>Squeezes what nobody waits for, one after another; what does not fit is counted and passed over.</summary>
internal sealed class SqueezeQueue(
    Squeezer squeezer, FindingCounts findings, WorkerTelemetry telemetry, IOptions<ProtectionOptions> options) : BackgroundService
{
    private readonly Channel<SqueezeJob> jobs = Channel.CreateBounded<SqueezeJob>(new BoundedChannelOptions(options.Value.MaxSqueezing) { SingleReader = true });

    /// <summary>Takes the job over.</summary>
    public void Add(SqueezeJob job)
    {
        if (jobs.Writer.TryWrite(job)) return;
        telemetry.SqueezingDropped(job.Version);
        job.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var job in jobs.Reader.ReadAllAsync(stoppingToken))
            {
                using (job) await RunAsync(job, stoppingToken);
            }
        }
        finally
        {
            jobs.Writer.TryComplete();
            while (jobs.Reader.TryRead(out var left)) left.Dispose();
        }
    }

    private async Task RunAsync(SqueezeJob job, CancellationToken stopping)
    {
        try
        {
            var score = await squeezer.ScoreAsync(job, stopping);
            var check = job.Version.Config.Protection?.Squeezing;
            if (job.Version.Protection.Reference.Squeezing is not { } thresholds) job.Version.Protection.Learn(score);
            else if (check is { Mode: ProtectionMode.Observe } && score > thresholds.Observed)
            {
                findings.Add(job.Version.Id.Model, job.Version.Id.Version, ProtectionReason.Squeezing);
                telemetry.Found(job.Version, ProtectionReason.Squeezing, ProtectionMode.Observe);
            }
        }
        catch (Exception e) when (e is RequestException or ModelRunException)
        {
            // No room beside serving, or a model that does not take squeezed inputs: then there is nothing to say of the request.
            telemetry.SqueezingDropped(job.Version);
        }
    }
}
