using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;
using Platform.Contracts.Rollouts;

namespace Platform.Api.Rollouts;

/// <summary>A rollout for people: the new version's weight, and the evidence against it, over time.</summary>
internal static class RolloutPlot
{
    private const double Width = 900;
    private const double Height = 480;
    private const double Log10 = 2.302585092994046;

    public static string Draw(RolloutView view)
    {
        var (rollout, history) = (view.Rollout, view.History);
        var start = rollout.CreatedAt;
        var plot = new PlotModel { Title = $"{rollout.Model}: {rollout.From} → {rollout.Plan.To}, {rollout.Phase}", Background = OxyColors.White };
        plot.Legends.Add(new Legend { LegendPosition = LegendPosition.TopLeft });
        plot.Axes.Add(new LinearAxis { Position = AxisPosition.Bottom, Title = "seconds since the beginning", Minimum = 0 });
        plot.Axes.Add(new LinearAxis { Position = AxisPosition.Left, Key = "weight", Title = "weight, %", Minimum = 0, Maximum = 105 });
        plot.Axes.Add(new LinearAxis { Position = AxisPosition.Right, Key = "evidence", Title = "log10 of the E-value", MajorGridlineStyle = LineStyle.Dot });

        var weight = new StairStepSeries { Title = "weight", YAxisKey = "weight", Color = OxyColors.SteelBlue, StrokeThickness = 2 };
        foreach (var point in history.Points) weight.Points.Add(new((point.At - start).TotalSeconds, point.Weight));
        plot.Series.Add(weight);
        for (var bound = 0; bound < history.Bounds.Length; bound++)
        {
            var line = new LineSeries { Title = history.Bounds[bound], YAxisKey = "evidence" };
            foreach (var point in history.Points)
            {
                if (bound < point.LogEValues.Length) line.Points.Add(new((point.At - start).TotalSeconds, point.LogEValues[bound] / Log10));
            }

            plot.Series.Add(line);
        }

        var bar = new LineSeries { Title = "rolled back above", YAxisKey = "evidence", Color = OxyColors.Red, LineStyle = LineStyle.Dash };
        var height = -Math.Log10(rollout.Plan.Alpha / Math.Max(1, history.Bounds.Length));
        bar.Points.Add(new(0, height));
        bar.Points.Add(new(history.Points is [.., var last] ? (last.At - start).TotalSeconds : 1, height));
        plot.Series.Add(bar);
        return new SvgExporter { Width = Width, Height = Height }.ExportToString(plot);
    }
}
