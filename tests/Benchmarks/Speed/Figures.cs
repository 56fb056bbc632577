using System.Globalization;
using Platform.Benchmarks.Speed.Load;

namespace Platform.Benchmarks.Speed;

/// <summary>Who was asked for what, over how many connections.</summary>
internal readonly record struct Cell(string Peer, SpeedModel Model, bool Binary, int Connections);

/// <summary>All rounds of the comparison.</summary>
internal sealed class Figures
{
    private readonly Dictionary<Cell, List<LoadFigures>> rounds = [];

    public void Add(in Cell cell, LoadFigures figures)
    {
        if (!rounds.TryGetValue(cell, out var all)) rounds[cell] = all = [];
        all.Add(figures);
    }

    public bool Has(in Cell cell) => rounds.ContainsKey(cell);

    public double Median(in Cell cell, Func<LoadFigures, double> figure) => Median(rounds[cell].Select(figure));

    /// <summary>Of what the rounds gave each: what slows the machine down for a while slows both.</summary>
    public double MedianRatio(in Cell cell, in Cell other, Func<LoadFigures, double> figure) =>
        Median(rounds[cell].Zip(rounds[other], (a, b) => figure(a) / figure(b)));

    public double MedianDifference(in Cell cell, in Cell other, Func<LoadFigures, double> figure) =>
        Median(rounds[cell].Zip(rounds[other], (a, b) => figure(a) - figure(b)));

    /// <summary>Over all rounds, since the system counts processor time in steps of 10 ms.</summary>
    public double CpuARequest(in Cell cell) => rounds[cell].Sum(round => round.CpuUs) / rounds[cell].Sum(round => round.LatenciesUs.Length);

    public int Failed(in Cell cell) => rounds[cell].Sum(round => round.Failed);

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }

    public static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
