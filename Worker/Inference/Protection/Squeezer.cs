using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Platform.Core.Batching;
using Platform.Core.Protection;
using Platform.Core.Serving;
using Platform.Worker.Inference.Codec;
using Platform.Worker.Onnx;
using Platform.Worker.Serving;
using Platform.Worker.Serving.Protection;
using Platform.Worker.Tensors;

namespace Platform.Worker.Inference.Protection;

/// <summary>Runs a model on squeezed forms of an item, behind all requests that wait, and says how much the answer changed.</summary>
internal sealed class Squeezer(Executors executors, TimeProvider clock)
{
    /// <summary>One item of the request, by chance; null where the model gives no scores of classes or takes no floats.</summary>
    public static SqueezeJob? Prepare(ServedVersion served, InferRequest request, OutputTensor[] outputs)
    {
        if (served.Protection.Reference.Profile is not { } profile || served.Predictions is not { Reading.As: not FeedbackKind.Value } predictions) return null;
        if (Array.Find(outputs, output => output.Spec.Name == predictions.Reading.Output) is not { } scores) return null;
        var (items, item) = (request.BatchSize, Random.Shared.Next(Math.Max(1, request.BatchSize)));
        if (items < 1 || ScoresOf(scores, items, item) is not { } answer || !request.Inputs.Any(IsFloat) || !served.TryUse()) return null;
        var bits = served.Config.Protection?.Squeezing?.Bits ?? SqueezingCheck.DefaultBits;
        ImmutableArray<TensorSpec> wanted = [scores.Spec];
        List<InferRequest> squeezed = [Squeeze(request, item, wanted, (tensor, bounds, from, to) =>
            Squeezing.Reduce(from, bounds?.Min ?? 0, bounds?.Max ?? 0, bits, to), profile)];
        if (request.Inputs.Any(input => IsFloat(input) && Squeezing.IsPicture(ItemShape(input))))
            squeezed.Add(Squeeze(request, item, wanted, (tensor, _, from, to) => SmoothOrCopy(tensor, from, to), profile));
        return new SqueezeJob(served, answer, squeezed);
    }

    /// <exception cref="RequestException">There was no room for it.</exception>
    /// <exception cref="ModelRunException">The model failed on what was left.</exception>
    public async Task<double> ScoreAsync(SqueezeJob job, CancellationToken cancellation)
    {
        var score = 0.0;
        foreach (var request in job.Squeezed)
        {
            var execution = await executors.RunAsync(job.Version, request, clock.GetTimestamp(), job.Version.Timeout, cancellation);
            using var outputs = execution.Outputs;
            if (ScoresOf(outputs.Tensors[0], 1, 0) is { } scores && scores.Length == job.Answer.Length)
                score = Math.Max(score, Squeezing.Score(job.Answer, scores));
        }

        return score;
    }

    private static InferRequest Squeeze(
        InferRequest request, int item, ImmutableArray<TensorSpec> wanted, SqueezeStep step, ReferenceProfile profile)
    {
        var squeezed = new InferRequest { OutputSpecs = wanted, Priority = PriorityLevels.Lowest };
        var numeric = 0;
        squeezed.Inputs = [.. request.Inputs.Select(input =>
        {
            var bounds = ItemReader.IsNumeric(input) && numeric < profile.Inputs.Length ? profile.Inputs[numeric++] : null;
            return Squeeze(squeezed, request.BatchSize == 1 ? input : input.TakeRows(item, 1), bounds, step);
        })];
        return squeezed;
    }

    private static Tensor Squeeze(InferRequest owner, Tensor input, InputBounds? bounds, SqueezeStep step)
    {
        var buffer = owner.Rent(input.Length + PinnedBuffer.Alignment);
        var copy = new Tensor(input.Datatype, input.Shape, buffer, buffer.AlignedStart, input.Length) { Optional = input.Optional };
        if (!IsFloat(input))
        {
            input.Bytes.CopyTo(copy.Bytes);
            return copy;
        }

        var (from, to) = (new float[ItemReader.ElementsOf(input, 1)], new float[ItemReader.ElementsOf(input, 1)]);
        ItemReader.Copy(input, 0, from);
        step(input, bounds, from, to);
        Write(to, copy);
        return copy;
    }

    private static void SmoothOrCopy(Tensor tensor, ReadOnlySpan<float> from, Span<float> to)
    {
        var shape = ItemShape(tensor);
        if (Squeezing.IsPicture(shape)) Squeezing.Smooth(from, (int)shape[^2], (int)shape[^1], to);
        else from.CopyTo(to);
    }

    private static void Write(float[] numbers, Tensor tensor)
    {
        if (tensor.Datatype is Datatype.Fp32) numbers.CopyTo(tensor.As<float>());
        else if (tensor.Datatype is Datatype.Fp16) for (var i = 0; i < numbers.Length; i++) tensor.As<Half>()[i] = (Half)numbers[i];
        else for (var i = 0; i < numbers.Length; i++) tensor.As<double>()[i] = numbers[i];
    }

    private static ReadOnlySpan<long> ItemShape(Tensor tensor) => tensor.Shape.Length > 1 ? tensor.Shape.AsSpan(1) : [];

    private static bool IsFloat(Tensor input) => ItemReader.IsNumeric(input) && input.Datatype is Datatype.Fp32 or Datatype.Fp64 or Datatype.Fp16;

    /// <summary>Scores of one item over the classes; one score alone stands for two classes.</summary>
    private static double[]? ScoresOf(OutputTensor output, int items, int item)
    {
        var count = output.Bytes.Length / output.Spec.Datatype.ElementBytes();
        if (output.Spec.Datatype is Datatype.Bytes || count < items || count % items != 0) return null;
        var width = count / items;
        var scores = Enumerable.Range(item * width, width).Select(output.NumberAt).ToArray();
        if (!Array.TrueForAll(scores, double.IsFinite)) return null;
        return scores is [var one] ? one is >= 0 and <= 1 ? [1 - one, one] : null : scores;
    }

    private delegate void SqueezeStep(Tensor tensor, InputBounds? bounds, ReadOnlySpan<float> from, Span<float> to);
}
