using Platform.Core.Experiments;
using Platform.Core.Statistics;

namespace Platform.Simulations.Experiments;

/// <summary>Arms that get what they should: how often is a mismatch seen, and how often when there is one?</summary>
internal static class RatioSimulation
{
    /// <param name="share">What the first arm really gets.</param>
    /// <param name="planned">What it should get.</param>
    public static double Alarms(double share, double planned, int paths, int units, int between, int seed) =>
        PeekingSimulation.Rate(paths, seed, random =>
        {
            var counts = new long[2];
            double[] shares = [planned, 1 - planned];
            for (var unit = 1; unit <= units; unit++)
            {
                counts[random.NextDouble() < share ? 0 : 1]++;
                if (unit % between == 0 && SampleRatio.Sequential(counts, shares) < ExperimentJudge.RatioAlpha) return true;
            }

            return SampleRatio.ChiSquare(counts, shares) < ExperimentJudge.RatioAlpha;
        });
}
