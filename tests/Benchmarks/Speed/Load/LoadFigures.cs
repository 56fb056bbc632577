namespace Platform.Benchmarks.Speed.Load;

/// <summary>What one round of load came to.</summary>
/// <param name="Seconds">How long it took.</param>
/// <param name="LatenciesUs">Of the successful answers, ascending.</param>
/// <param name="Failed">Other answers, and connections that broke.</param>
/// <param name="CpuUs">Processor time of the servers, in microseconds.</param>
internal sealed record LoadFigures(double Seconds, float[] LatenciesUs, int Failed, double CpuUs)
{
    public double Throughput => LatenciesUs.Length / Seconds;

    public double P50 => At(LatenciesUs, 0.5);

    public double P99 => At(LatenciesUs, 0.99);

    /// <summary>Processor time of the servers a request.</summary>
    public double CpuARequest => CpuUs / Math.Max(1, LatenciesUs.Length);

    public static double At(float[] sorted, double share) =>
        sorted.Length == 0 ? double.NaN : sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * share))];

    public static float[] Sorted(IEnumerable<float> values)
    {
        var sorted = values.ToArray();
        Array.Sort(sorted);
        return sorted;
    }
}
