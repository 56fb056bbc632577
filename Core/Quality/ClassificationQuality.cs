using System.Collections.Immutable;
using System.Globalization;

namespace Platform.Core.Quality;

/// <param name="Support">Items whose label is this class.</param>
/// <param name="Predicted">Labelled items whose prediction is this class.</param>
public sealed record ClassQuality(string Class, double Precision, double Recall, double F1, long Support, long Predicted);

public sealed record AveragedQuality(double Precision, double Recall, double F1);

/// <summary>
/// How good labelled predictions of classes are. A class that occurs neither as label nor as prediction is left out; a
/// share of nothing counts as 0. <see cref="Macro"/> counts classes alike, <see cref="Weighted"/> by their labels.
/// </summary>
/// <param name="Classes">In the order of <see cref="ByClass"/> and of the matrix; "other" stands for all beyond <see cref="CounterNames.MaxClasses"/>.</param>
/// <param name="Confusion">Rows are labels, columns predictions.</param>
public sealed record ClassificationQuality(
    double Accuracy,
    AveragedQuality Macro,
    AveragedQuality Weighted,
    ImmutableArray<string> Classes,
    ImmutableArray<ClassQuality> ByClass,
    ImmutableArray<ImmutableArray<long>> Confusion)
{
    private const string OtherName = "other";

    /// <summary>Null while nothing is labelled.</summary>
    public static ClassificationQuality? From(QualityCounts counts)
    {
        var cells = counts.All.Select(counter => (Cell: CounterNames.ParseCell(counter.Key), counter.Value)).Where(cell => cell.Cell is not null)
            .ToDictionary(cell => cell.Cell!.Value, cell => cell.Value);
        var labelled = cells.Values.Sum();
        if (labelled == 0) return null;
        var names = cells.Keys.SelectMany(cell => new[] { cell.Label, cell.Answer }).Distinct()
            .OrderBy(name => name == CounterNames.Other ? int.MaxValue : int.Parse(name, CultureInfo.InvariantCulture)).ToImmutableArray();
        var byClass = names.Select(name => Of(name, cells, counts)).ToImmutableArray();
        return new ClassificationQuality(
            1 - ((double)counts[CounterNames.Wrong] / labelled),
            new(byClass.Average(of => of.Precision), byClass.Average(of => of.Recall), byClass.Average(of => of.F1)),
            new(Weigh(byClass, of => of.Precision), Weigh(byClass, of => of.Recall), Weigh(byClass, of => of.F1)),
            [.. names.Select(Shown)],
            byClass,
            [.. names.Select(label => names.Select(answer => cells.GetValueOrDefault((label, answer))).ToImmutableArray())]);
    }

    private static ClassQuality Of(string name, Dictionary<(string Label, string Answer), long> cells, QualityCounts counts)
    {
        var support = cells.Where(cell => cell.Key.Label == name).Sum(cell => cell.Value);
        var predicted = cells.Where(cell => cell.Key.Answer == name).Sum(cell => cell.Value);
        // Two classes beyond the limit share a cell without being the same.
        var hits = name == CounterNames.Other ? counts[CounterNames.OtherHits] : cells.GetValueOrDefault((name, name));
        return new(Shown(name), Share(hits, predicted), Share(hits, support), Share(2 * hits, support + predicted), support, predicted);
    }

    private static double Weigh(ImmutableArray<ClassQuality> classes, Func<ClassQuality, double> figure) =>
        classes.Sum(of => figure(of) * of.Support) / classes.Sum(of => of.Support);

    private static string Shown(string name) => name == CounterNames.Other ? OtherName : name;

    private static double Share(long part, long whole) => whole == 0 ? 0 : (double)part / whole;
}
