using Platform.Core.Alerts.Kinds;
using Platform.Core.Alerts.Machine;

namespace Platform.Core.Tests.Alerts;

/// <summary>A service of steady traffic, minute by minute, and the pages that its burn-rate rule would send.</summary>
internal sealed class BurnSimulation(double requestsPerSecond, double objective, Random random)
{
    private const int WarmUpMinutes = 3 * 24 * 60;
    private readonly List<(long Bad, long Total)> sums = [(0, 0)];

    /// <summary>Pages over some days of a service that spends half of its budget.</summary>
    /// <param name="isPlain">Without the floor and the test against chance.</param>
    public int Pages(int days, bool isPlain = false)
    {
        for (var minute = 0; minute < WarmUpMinutes; minute++) Advance((1 - objective) / 2);
        var (pages, isFiring) = (0, false);
        for (var minute = 0; minute < days * 24 * 60; minute++)
        {
            Advance((1 - objective) / 2);
            var verdict = Judge(isPlain);
            if (verdict is SeriesVerdict.Breaching && !isFiring) pages++;
            // Missing data neither raise nor resolve.
            if (verdict is not SeriesVerdict.Missing) isFiring = verdict is SeriesVerdict.Breaching;
        }

        return pages;
    }

    /// <summary>Minutes from the moment that errors burn at this rate until the page; null if a day brings none.</summary>
    public int? Detection(double burn, bool isPlain = false)
    {
        for (var minute = 0; minute < WarmUpMinutes; minute++) Advance(0);
        for (var minute = 1; minute <= 24 * 60; minute++)
        {
            Advance(burn * (1 - objective));
            if (Judge(isPlain) is SeriesVerdict.Breaching) return minute;
        }

        return null;
    }

    private SeriesVerdict Judge(bool isPlain)
    {
        if (!isPlain) return BurnRate.Judge(objective, minBadEvents: 5, Events).Verdict;
        return BurnRate.Pairs.Any(pair => Burns(pair.LongWindow, pair.Factor) && Burns(pair.ShortWindow, pair.Factor)) ? SeriesVerdict.Breaching : SeriesVerdict.Clear;
    }

    private bool Burns(TimeSpan window, double factor) => Events(window) is { Total: > 0 } events && (double)events.Bad / events.Total >= factor * (1 - objective);

    private void Advance(double errorRate)
    {
        var total = Poisson(requestsPerSecond * 60);
        var bad = Math.Min(total, Poisson(total * errorRate));
        sums.Add((sums[^1].Bad + bad, sums[^1].Total + total));
    }

    private BadEvents Events(TimeSpan window)
    {
        var before = sums[Math.Max(0, sums.Count - 1 - (int)window.TotalMinutes)];
        return new(sums[^1].Bad - before.Bad, sums[^1].Total - before.Total);
    }

    private long Poisson(double mean)
    {
        if (mean <= 0) return 0;
        if (mean > 50) return Math.Max(0, (long)Math.Round(mean + Math.Sqrt(mean) * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())));
        var (count, product, limit) = (0L, random.NextDouble(), Math.Exp(-mean));
        while (product > limit) (count, product) = (count + 1, product * random.NextDouble());
        return count;
    }
}
