using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;
using Platform.Core.Experiments;

namespace Platform.Api.Experiments;

/// <summary>Effect with its always-valid interval over time, and the arms' units below it.</summary>
internal static class ExperimentPlot
{
    public const string ContentType = "image/svg+xml";
    private const double Width = 900;
    private const double Height = 600;
    private const string EffectAxis = "effect";
    private const string UnitAxis = "units";

    /// <summary>Colours that are told apart by most of those who see few.</summary>
    private static readonly OxyColor[] Colours =
    [
        OxyColor.FromRgb(0, 114, 178), OxyColor.FromRgb(213, 94, 0), OxyColor.FromRgb(0, 158, 115), OxyColor.FromRgb(204, 121, 167),
        OxyColor.FromRgb(230, 159, 0), OxyColor.FromRgb(86, 180, 233),
    ];

    public static string Draw(ExperimentState experiment)
    {
        var design = experiment.Design;
        var plot = new PlotModel
        {
            Title = $"{experiment.Model}: {design.Name}",
            Subtitle = experiment.Results?.Verdict is { } verdict ? verdict.Detail : experiment.Phase.ToString(),
            Background = OxyColors.White,
        };
        plot.Axes.Add(new DateTimeAxis { Position = AxisPosition.Bottom, Title = "UTC", StringFormat = "MM-dd HH:mm:ss", MajorGridlineStyle = LineStyle.Dot });
        plot.Axes.Add(new LinearAxis
        {
            Key = EffectAxis, Position = AxisPosition.Left, Title = $"effect on {design.Metric.Name}", StartPosition = 0.4, EndPosition = 1, MajorGridlineStyle = LineStyle.Dot,
        });
        plot.Axes.Add(new LinearAxis
        {
            Key = UnitAxis, Position = AxisPosition.Left, Title = "units", Minimum = 0, StartPosition = 0, EndPosition = 0.33, MajorGridlineStyle = LineStyle.Dot,
        });
        plot.Legends.Add(new Legend { LegendPosition = LegendPosition.TopRight, LegendBackground = OxyColor.FromAColor(200, OxyColors.White) });
        plot.Annotations.Add(new OxyPlot.Annotations.LineAnnotation
        {
            Type = OxyPlot.Annotations.LineAnnotationType.Horizontal, Y = 0, YAxisKey = EffectAxis, Color = OxyColors.Black, LineStyle = LineStyle.Solid,
        });
        for (var i = 0; i < design.Arms.Length; i++)
        {
            if (i > 0) AddEffect(plot, experiment, i);
            AddUnits(plot, experiment, i);
        }

        return new SvgExporter { Width = Width, Height = Height }.ExportToString(plot);
    }

    private static void AddEffect(PlotModel plot, ExperimentState experiment, int arm)
    {
        var (name, colour) = (experiment.Design.Arms[arm].Name, Colours[arm % Colours.Length]);
        var band = new AreaSeries
        {
            Title = $"{name}: always-valid interval", YAxisKey = EffectAxis, Color = OxyColors.Transparent, Color2 = OxyColors.Transparent, Fill = OxyColor.FromAColor(60, colour),
        };
        var line = new LineSeries { Title = $"{name}: effect", YAxisKey = EffectAxis, Color = colour, StrokeThickness = 2 };
        foreach (var snapshot in experiment.History.Snapshots)
        {
            var x = DateTimeAxis.ToDouble(snapshot.At.UtcDateTime);
            if (snapshot.Effects[arm - 1] is not { Effect: { } effect } shown) continue;
            line.Points.Add(new DataPoint(x, effect));
            if (shown.AlwaysValid is not { } interval) continue;
            band.Points.Add(new DataPoint(x, interval.Low));
            band.Points2.Add(new DataPoint(x, interval.High));
        }

        plot.Series.Add(band);
        plot.Series.Add(line);
    }

    private static void AddUnits(PlotModel plot, ExperimentState experiment, int arm)
    {
        var line = new LineSeries { Title = $"{experiment.Design.Arms[arm].Name}: units", YAxisKey = UnitAxis, Color = Colours[arm % Colours.Length] };
        foreach (var snapshot in experiment.History.Snapshots)
            line.Points.Add(new DataPoint(DateTimeAxis.ToDouble(snapshot.At.UtcDateTime), snapshot.Units[arm]));
        plot.Series.Add(line);
    }
}
