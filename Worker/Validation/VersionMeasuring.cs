using System.Globalization;
using Platform.Core.Models.Gates;
using Platform.Core.Models.Validations;
using Platform.Worker.Onnx;
using Platform.Worker.Tensors;

namespace Platform.Worker.Validation;

/// <summary>The checks of one version, in their order: load, zeros, random numbers, latency, throughput, dataset.</summary>
internal sealed class VersionMeasuring(
    MeasurementRequest request, Devices devices, CheckSheet sheet, ValidationOptions options, TimeProvider clock)
{
    private const int WarmupRuns = 10;
    private const int ThroughputRuns = 50;
    private static readonly TimeSpan ThroughputLimit = TimeSpan.FromSeconds(2);

    public void Run(byte[] file, byte[]? content, byte[]? labels, CancellationToken cancellation)
    {
        sheet.Set(GateMetrics.SizeBytes, request.Version.Artifact.SizeBytes);
        OnnxModel? loaded = null;
        if (!sheet.Try("load", () => $"Loaded on {(loaded = OnnxModel.Load(file, request.Version.Device, devices)).Device}.")) return;
        using var model = loaded!;
        using var stop = cancellation.Register(model.Stop);
        var single = RunsAt(model, 1);
        var largest = LargestBatch(model);
        if (single) sheet.Try("latency", () => Latency(model, cancellation));
        else sheet.Skip("latency", "It does not run at batch 1.");
        if (single) sheet.Try("throughput", () => Throughput(model, largest, cancellation));
        if (content is null) sheet.Skip("dataset", "The model has no dataset (PUT …/datasets/{name}).");
        else sheet.Try("dataset", () => Dataset(model, new LabelledRows(request.Dataset!, content, labels), largest, cancellation));
    }

    private bool RunsAt(OnnxModel model, int batch)
    {
        var conclusive = ProbeInputs.AreConclusive(model);
        var zeros = sheet.Try($"zeros_batch_{batch}", () => RunOnce(model, batch, random: null), conclusive);
        var random = sheet.Try($"random_batch_{batch}", () => RunOnce(model, batch, ProbeInputs.NewRandom()), conclusive);
        return zeros && random;
    }

    /// <summary>The configured batch if the model can run it, else 1.</summary>
    private int LargestBatch(OnnxModel model)
    {
        var batch = request.Version.MaxBatchSize;
        if (batch == 1) return 1;
        if (ProbeInputs.PromiseBatches(model)) return RunsAt(model, batch) ? batch : 1;
        sheet.Skip($"random_batch_{batch}", "The model has no batch dimension.");
        return 1;
    }

    private static string RunOnce(OnnxModel model, int batch, Random? random)
    {
        using var inputs = ProbeInputs.Make(model, batch, random);
        using var outputs = model.Run(inputs.Tensors, model.Interface.Outputs);
        return "Ran; it gave " + string.Join(", ", outputs.Tensors.Select(output => $"{output.Spec.Name} {Shapes.Text(output.Shape)}")) + ".";
    }

    private string Latency(OnnxModel model, CancellationToken cancellation)
    {
        Repeat(model, 1, WarmupRuns, options.LatencyLimit, cancellation);
        var times = Repeat(model, 1, options.LatencyRuns, options.LatencyLimit, cancellation);
        times.Sort();
        foreach (var (metric, share) in (ReadOnlySpan<(string, double)>)[
            (GateMetrics.LatencyMsP50, 0.50), (GateMetrics.LatencyMsP95, 0.95), (GateMetrics.LatencyMsP99, 0.99)])
            sheet.Set(metric, Math.Round(times[(int)Math.Ceiling(share * times.Count) - 1], 4));
        return $"Measured on {times.Count} runs at batch 1, one thread, beside whatever this worker serves.";
    }

    private string Throughput(OnnxModel model, int batch, CancellationToken cancellation)
    {
        var times = Repeat(model, batch, ThroughputRuns, ThroughputLimit, cancellation);
        var perSecond = Math.Round(batch * times.Count / (times.Sum() / 1000), 1);
        sheet.Set(GateMetrics.Throughput, perSecond);
        return $"{perSecond.ToString(CultureInfo.InvariantCulture)} items a second at batch {batch} on one thread.";
    }

    /// <summary>Milliseconds of each run; at least one.</summary>
    private List<double> Repeat(OnnxModel model, int batch, int runs, TimeSpan limit, CancellationToken cancellation)
    {
        using var inputs = ProbeInputs.Make(model, batch, ProbeInputs.NewRandom());
        var times = new List<double>(runs);
        var began = clock.GetTimestamp();
        do
        {
            cancellation.ThrowIfCancellationRequested();
            var started = clock.GetTimestamp();
            model.Run(inputs.Tensors, model.Interface.Outputs).Dispose();
            times.Add(clock.GetElapsedTime(started).TotalMilliseconds);
        }
        while (times.Count < runs && clock.GetElapsedTime(began) < limit);
        return times;
    }

    private string Dataset(OnnxModel model, LabelledRows rows, int batch, CancellationToken cancellation)
    {
        var score = new LabelScore();
        var sample = new DriftSample(model);
        var protection = new ProtectionSample();
        foreach (var part in rows.Batches(model.Interface, batch))
        {
            using (part)
            {
                cancellation.ThrowIfCancellationRequested();
                using var outputs = model.Run(part.Inputs.Tensors, model.Interface.Outputs);
                AnswerReader.Score(outputs, part.Labels, score, request.Version.Reading ?? new ScoreReading());
                sample.Add(part.Inputs.Tensors, outputs.Tensors, part.Labels.Length);
                protection.Add(part.Inputs.Tensors, part.Labels.Length);
                sheet.Rows = score.Items;
            }
        }

        foreach (var (metric, value) in score.Figures()) sheet.Set(metric, value);
        sheet.Baseline = sample.ToBaseline(clock.GetUtcNow());
        sheet.Profile = protection.ToProfile(clock.GetUtcNow());
        return $"Ran {score.Items} labelled items of {request.Dataset!.Name} at batch {batch}.";
    }
}
