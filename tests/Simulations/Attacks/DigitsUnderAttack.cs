using Microsoft.ML.OnnxRuntime;

namespace Platform.Simulations.Attacks;

/// <summary>The digits model as an attacker sees it who may ask as often as he likes, and his attacks. Seeds are fixed.</summary>
public sealed class DigitsUnderAttack(byte[] model) : IDisposable
{
    public const int Side = 28;
    public const int Pixels = Side * Side;
    public const int Classes = 10;

    /// <summary>Of the step by which a picture is changed; pixels are 0 to 1.</summary>
    public const float Epsilon = 0.3f;

    /// <summary>Half the width of the finite difference.</summary>
    private const float Probe = 0.01f;

    private const int Batch = 64;
    private readonly InferenceSession session = new(model);

    public double[][] Ask(IReadOnlyList<float[]> images)
    {
        var answers = new List<double[]>(images.Count);
        foreach (var group in images.Chunk(Batch))
        {
            using var input = OrtValue.CreateTensorValueFromMemory(group.SelectMany(image => image).ToArray(), [group.Length, 1, Side, Side]);
            using var options = new RunOptions();
            using var outputs = session.Run(options, ["image"], [input], ["probabilities"]);
            answers.AddRange(outputs[0].GetTensorDataAsSpan<float>().ToArray().Chunk(Classes).Select(row => row.Select(value => (double)value).ToArray()));
        }

        return [.. answers];
    }

    public static int ClassOf(double[] answer) => Array.IndexOf(answer, answer.Max());

    public static float[] Noise(Random random) => [.. Enumerable.Range(0, Pixels).Select(_ => random.NextSingle())];

    /// <summary>Bright or dark by chance, in blocks.</summary>
    public static float[] CoarseNoise(Random random)
    {
        const int block = 4;
        var levels = Enumerable.Range(0, Side / block * (Side / block)).Select(_ => random.NextSingle()).ToArray();
        return [.. Enumerable.Range(0, Pixels).Select(i => levels[(i / Side / block * (Side / block)) + (i % Side / block)])];
    }

    public static float[] Noisy(float[] image, float deviation, Random random) =>
        [.. image.Select(pixel => Math.Clamp(pixel + (deviation * Normal(random)), 0, 1))];

    /// <summary>As pictures come that nobody scaled, or that somebody scaled another way.</summary>
    public static float[] OutOfRange(float[] image, int kind) => kind switch
    {
        0 => [.. image.Select(pixel => pixel * 255)],
        1 => [.. image.Select(pixel => (pixel * 2) - 1)],
        2 => [.. image.Select(pixel => pixel * 1.5f)],
        _ => [.. image.Select(pixel => (pixel - 0.1307f) / 0.3081f)],
    };

    /// <summary>A step against the model along the sign of its gradient (Goodfellow et al., 2015), by central differences.</summary>
    public float[] Fgsm(float[] image, float epsilon = Epsilon)
    {
        var label = ClassOf(Ask([image])[0]);
        var probes = new List<float[]>(2 * Pixels);
        for (var i = 0; i < Pixels; i++)
        {
            foreach (var step in (ReadOnlySpan<float>)[Probe, -Probe])
            {
                var probe = (float[])image.Clone();
                probe[i] += step;
                probes.Add(probe);
            }
        }

        var answers = Ask(probes);
        return [.. image.Select((pixel, i) =>
        {
            var slope = LossOf(answers[2 * i], label) - LossOf(answers[(2 * i) + 1], label);
            return Math.Clamp(pixel + (epsilon * Math.Sign(slope)), 0, 1);
        })];
    }

    /// <summary>All pictures of a coarse grid over the space of inputs, one after another.</summary>
    public static float[] GridPoint(int index)
    {
        const int cells = 7;
        const int levels = 3;
        var image = new float[Pixels];
        // A linear congruence walks through the grid, since its corners alone are more than anybody can ask.
        var state = ((ulong)index * 6_364_136_223_846_793_005) + 1_442_695_040_888_963_407;
        var values = new float[cells * cells];
        for (var i = 0; i < values.Length; i++)
        {
            state = (state * 6_364_136_223_846_793_005) + 1_442_695_040_888_963_407;
            values[i] = (state >> 33) % levels / (float)(levels - 1);
        }

        for (var i = 0; i < Pixels; i++) image[i] = values[(i / Side / (Side / cells) * cells) + (i % Side / (Side / cells))];
        return image;
    }

    /// <summary>A picture changed along one pixel after another in equal steps: a grid around natural data.</summary>
    public static float[] GridAround(float[] image, int index)
    {
        var step = (float[])image.Clone();
        step[index % Pixels] = (step[index % Pixels] + 0.5f) % 1f;
        return step;
    }

    public void Dispose() => session.Dispose();

    private static double LossOf(double[] answer, int label) => -Math.Log(Math.Max(answer[label], 1e-12));

    private static float Normal(Random random) =>
        (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
}
