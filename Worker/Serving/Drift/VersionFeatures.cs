using System.Collections.Immutable;
using Platform.Core.Drift;
using Platform.Core.Quality;
using Platform.Core.Serving;
using Platform.Worker.Tensors;

namespace Platform.Worker.Serving.Drift;

/// <summary>
/// What is looked at of a version's items: each number of a short row; mean, contrast and the brightness of some points,
/// spread evenly, of anything larger, such as an image; class and confidence, or the value, of the answer.
/// </summary>
internal sealed class VersionFeatures
{
    /// <summary>Numbers that are looked at one by one; a longer row counts as an image.</summary>
    public const int MaxColumns = 256;

    private readonly ImmutableArray<Source> sources;
    private readonly FeedbackReading? reading;

    private VersionFeatures(ImmutableArray<Source> sources, ImmutableArray<FeatureInfo> features, FeedbackReading? reading) =>
        (this.sources, Features, Layout, this.reading) = (sources, features, new RowLayout(features), reading);

    public ImmutableArray<FeatureInfo> Features { get; }

    public RowLayout Layout { get; }

    public static VersionFeatures Of(ModelInterface tensors, FeedbackReading? reading)
    {
        var sources = ImmutableArray.CreateBuilder<Source>();
        var features = ImmutableArray.CreateBuilder<FeatureInfo>();
        for (var i = 0; i < tensors.Inputs.Length; i++)
        {
            var input = tensors.Inputs[i];
            if (input.Datatype is Datatype.Bytes || input.AnyShape) continue;
            var columns = Columns(input.Shape);
            if (columns > MaxColumns - features.Count) columns = 0;
            sources.Add(new Source(i, features.Count, columns));
            features.AddRange(Of(input.Name, columns));
        }

        if (reading is { As: FeedbackKind.Value }) features.Add(new(reading.Output, FeatureKind.Number, true));
        else if (reading is not null) features.AddRange(Answer(reading.Output));
        return new(sources.ToImmutable(), features.ToImmutable(), reading);
    }

    /// <summary>What it costs to look at one item, in elements that are only summed up; looking up a bin costs more than that.</summary>
    public int Cost(Tensor[] inputs, int items)
    {
        const int binCost = 16;
        return (Layout.Width * binCost) + sources.Sum(source => source.Columns > 0 ? 0 : Elements(inputs[source.Input]) / items);
    }

    /// <summary>Reads one item's features. Not a number stands for what is not known.</summary>
    /// <param name="row">As <see cref="Layout"/> says.</param>
    public void Read(Tensor[] inputs, int items, int item, PredictedAnswer? predicted, Span<float> row)
    {
        row.Fill(float.NaN);
        foreach (var source in sources)
        {
            var tensor = inputs[source.Input];
            var each = Elements(tensor) / items;
            if (source.Columns == 0) Summarise(tensor, item * each, each, source.First, row);
            else if (each == source.Columns) Copy(tensor, item * each, each, source.First, row);
        }

        if (reading is null || predicted is null || item >= predicted.Items.Length) return;
        var said = predicted.Items[item];
        if (reading.As is FeedbackKind.Value)
        {
            Set(row, Features.Length - 1, said.Value);
            return;
        }

        Set(row, Features.Length - 2, said.Value);
        Set(row, Features.Length - 1, said.Confidence ?? double.NaN);
    }

    private static IEnumerable<FeatureInfo> Of(string name, int columns) => columns switch
    {
        0 => Summary(name),
        1 => [new FeatureInfo(name, FeatureKind.Number, false)],
        _ => Enumerable.Range(0, columns).Select(column => new FeatureInfo($"{name}[{column}]", FeatureKind.Number, false)),
    };

    private static IEnumerable<FeatureInfo> Summary(string name) =>
    [
        new(name + ".mean", FeatureKind.Number, false), new(name + ".contrast", FeatureKind.Number, false),
        new(name + ".brightness", FeatureKind.Histogram, false),
    ];

    private static IEnumerable<FeatureInfo> Answer(string name) =>
        [new(name + ".class", FeatureKind.Class, true), new(name + ".confidence", FeatureKind.Number, true)];

    /// <summary>0 for what is summarised.</summary>
    private static int Columns(long[] shape) => shape switch
    {
        [] or [_] => 1,
        [_, > 0 and <= MaxColumns and var columns] => (int)columns,
        _ => 0,
    };

    private static int Elements(Tensor tensor) => tensor.Length / tensor.Datatype.ElementBytes();

    private void Copy(Tensor tensor, int from, int count, int feature, Span<float> row)
    {
        for (var i = 0; i < count; i++) Set(row, feature + i, Numbers.At(tensor.Datatype, tensor.Bytes, from + i));
    }

    private void Summarise(Tensor tensor, int first, int count, int feature, Span<float> row)
    {
        if (count == 0) return;
        var (sum, squares) = tensor.Datatype is Datatype.Fp32 ? Sums(tensor.As<float>().Slice(first, count)) : Sums(tensor, first, count);
        var mean = sum / count;
        Set(row, feature, mean);
        Set(row, feature + 1, Math.Sqrt(Math.Max(0, (squares / count) - (mean * mean))));
        // From a place of its own in each picture, so that no point of the pictures is passed over for ever.
        var start = Random.Shared.Next(count);
        var points = Layout.Of(row, feature + 2);
        for (var i = 0; i < points.Length; i++)
            points[i] = (float)Numbers.At(tensor.Datatype, tensor.Bytes, first + (int)((start + ((long)i * count / points.Length)) % count));
    }

    private void Set(Span<float> row, int feature, double value) => Layout.Of(row, feature)[0] = (float)value;

    private static (double Sum, double Squares) Sums(ReadOnlySpan<float> numbers)
    {
        var (sum, squares) = (0.0, 0.0);
        foreach (var number in numbers)
        {
            sum += number;
            squares += (double)number * number;
        }

        return (sum, squares);
    }

    private static (double Sum, double Squares) Sums(Tensor tensor, int first, int count)
    {
        var (sum, squares) = (0.0, 0.0);
        for (var i = first; i < first + count; i++)
        {
            var number = Numbers.At(tensor.Datatype, tensor.Bytes, i);
            sum += number;
            squares += number * number;
        }

        return (sum, squares);
    }

    private readonly record struct Source(int Input, int First, int Columns);
}
