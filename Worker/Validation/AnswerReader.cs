using Platform.Core.Models.Datasets;
using Platform.Core.Models.Validations;
using Platform.Worker.Onnx;
using Platform.Worker.Tensors;

namespace Platform.Worker.Validation;

/// <summary>
/// Holds a model's first output against the labels: several floats an item are the scores of classes, one float is the
/// probability of class 1 or an estimate, one whole number is a class.
/// </summary>
internal static class AnswerReader
{
    /// <exception cref="DatasetException">The output and the labels cannot be compared.</exception>
    public static void Score(ModelOutputs outputs, double[] labels, LabelScore score, ScoreReading reading)
    {
        var output = outputs.Tensors[0];
        var (isFloat, size) = (output.Spec.Datatype.IsFloat(), output.Spec.Datatype.ElementBytes());
        var each = size == 0 ? 0 : output.Bytes.Length / size / labels.Length;
        if (each == 0 || output.Bytes.Length != each * size * labels.Length || (!isFloat && each > 1))
        {
            throw new DatasetException($"the output '{output.Spec.Name}' is {output.Spec.Datatype.Name()} {Shapes.Text(output.Shape)}, "
                + $"which cannot be held against {labels.Length} label(s)");
        }

        for (var i = 0; i < labels.Length; i++)
        {
            if (isFloat && each == 1) Score(labels[i], output.NumberAt(i), score, reading);
            else score.AddClass(ClassOf(labels[i]), isFloat ? Best(output, i * each, each) : (long)output.NumberAt(i));
        }
    }

    private static void Score(double label, double answer, LabelScore score, ScoreReading reading)
    {
        if (reading.IsClass && label is not (0 or 1))
            throw new DatasetException($"the label {label} is neither 0 nor 1, and the model gives the probability of class 1");
        score.AddScore(label, answer, reading);
    }

    private static long ClassOf(double label) => label == Math.Floor(label) && Math.Abs(label) < 1L << 53
        ? (long)label
        : throw new DatasetException($"the label {label} is no class, and the model gives scores of classes");

    /// <summary>The class with the highest score; -1, which is never right, where no score is a number.</summary>
    private static long Best(OutputTensor output, int first, int count)
    {
        var (best, highest) = (-1, double.NegativeInfinity);
        for (var i = 0; i < count; i++)
        {
            var value = output.NumberAt(first + i);
            if (value > highest) (best, highest) = (i, value);
        }

        return best;
    }
}
