using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Platform.Core.Quality;
using Platform.Core.Serving;
using Platform.Worker.Onnx;
using Platform.Worker.Tensors;

namespace Platform.Worker.Serving;

/// <summary>Reads from a version's answers what it predicted, as its deployment says.</summary>
internal sealed class PredictionReader(TensorSpec output, FeedbackReading reading)
{
    /// <summary>How far the scores of an item may be from a sum of one and still be probabilities.</summary>
    private const double SumTolerance = 0.01;

    /// <summary>The output that is read, and as what.</summary>
    public FeedbackReading Reading => reading;

    /// <summary>Null where the version wants no predictions remembered, or no output fits.</summary>
    public static PredictionReader? For(FeedbackConfig? config, OnnxModel model) =>
        FeedbackRules.Read(config, model.Signature) is { } reading
            ? new PredictionReader(model.Interface.Outputs.First(output => output.Name == reading.Output), reading)
            : null;

    /// <summary>The outputs to run for, with the one that is read.</summary>
    public ImmutableArray<TensorSpec> AddTo(ImmutableArray<TensorSpec> wanted) => wanted.Contains(output) ? wanted : wanted.Add(output);

    /// <summary>Null where the answer has not the shape that was promised, or too many items.</summary>
    public PredictedAnswer? Read(OutputTensor[] outputs, int items, string? id)
    {
        var tensor = Array.Find(outputs, tensor => tensor.Spec == output);
        var count = tensor is null ? 0 : tensor.Bytes.Length / output.Datatype.ElementBytes();
        if (tensor is null || items > PredictedAnswer.MaxItems || count < items || count % items != 0) return null;
        var numbers = new double[count];
        Copy(tensor, numbers);
        var width = count / items;
        var predicted = ImmutableArray.CreateBuilder<PredictedItem>(items);
        var mass = new double[reading.As is FeedbackKind.Threshold ? 2 : width is > 1 and <= PredictedAnswer.MaxMasses ? width : 0];
        var isMass = mass.Length > 0;
        for (var i = 0; i < items; i++)
        {
            var item = ReadItem(numbers.AsSpan(i * width, width), mass);
            isMass &= item.Confidence is not null;
            predicted.Add(item);
        }

        return new PredictedAnswer(reading.As, predicted.MoveToImmutable(), isMass ? ImmutableCollectionsMarshal.AsImmutableArray(mass) : [], id);
    }

    private PredictedItem ReadItem(ReadOnlySpan<double> scores, double[] mass) => reading.As switch
    {
        FeedbackKind.Value => new PredictedItem(scores[0], null, double.IsFinite(scores[0])),
        FeedbackKind.Threshold => Threshold(scores[^1], mass),
        _ when scores.Length == 1 => new PredictedItem(scores[0], null, true),
        _ => Best(scores, mass),
    };

    private PredictedItem Threshold(double score, double[] mass)
    {
        if (!double.IsFinite(score)) return new PredictedItem(-1, null, false);
        var isOne = score >= reading.Threshold;
        if (score is < 0 or > 1) return new PredictedItem(isOne ? 1 : 0, null, true);
        mass[0] += 1 - score;
        mass[1] += score;
        return new PredictedItem(isOne ? 1 : 0, isOne ? score : 1 - score, true);
    }

    /// <summary>The class with the highest score among those that are numbers.</summary>
    private static PredictedItem Best(ReadOnlySpan<double> scores, double[] mass)
    {
        var (best, highest, sum, isFinite, isShare) = (-1, double.NegativeInfinity, 0.0, true, true);
        for (var i = 0; i < scores.Length; i++)
        {
            var score = scores[i];
            isFinite &= double.IsFinite(score);
            isShare &= score is >= 0 and <= 1;
            sum += score;
            if (score > highest) (best, highest) = (i, score);
        }

        if (!isFinite || !isShare || Math.Abs(sum - 1) > SumTolerance) return new PredictedItem(best, null, isFinite);
        for (var i = 0; i < mass.Length; i++) mass[i] += scores[i];
        return new PredictedItem(best, highest, true);
    }

    private static void Copy(OutputTensor tensor, double[] numbers)
    {
        if (tensor.Spec.Datatype is Datatype.Fp32)
        {
            var floats = MemoryMarshal.Cast<byte, float>(tensor.Bytes);
            for (var i = 0; i < numbers.Length; i++) numbers[i] = floats[i];
            return;
        }

        for (var i = 0; i < numbers.Length; i++) numbers[i] = tensor.NumberAt(i);
    }
}
