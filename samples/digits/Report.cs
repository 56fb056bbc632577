namespace Platform.Digits;

/// <summary>Tells a person what the passes showed.</summary>
internal static class Report
{
    public static void Print(params ReadOnlySpan<PassResult> passes)
    {
        Console.WriteLine();
        Console.WriteLine($"{"",-18}{"accuracy",9}{"p50 ms",9}{"p95 ms",9}{"p99 ms",9}{"images/s",10}");
        foreach (var pass in passes)
            Console.WriteLine($"{pass.Name,-18}{pass.Accuracy,9:0.0000}{Ms(pass, 50),9:0.0}{Ms(pass, 95),9:0.0}{Ms(pass, 99),9:0.0}{pass.ImagesPerSecond,10:0}");

        Console.WriteLine();
        foreach (var pass in passes)
            Console.WriteLine($"{pass.Name,-18}requests answered by worker {Counts(pass.Workers)}; by version {Counts(pass.Versions)}");

        Console.WriteLine();
        foreach (var pass in passes)
            Console.WriteLine(Verdict(pass));
    }

    /// <summary>One of 2,000 images is 0.0005; accuracy is compared to the digit in which it is declared.</summary>
    public static string Verdict(PassResult pass) => Math.Round(pass.Accuracy, 4) == DigitsModel.ExpectedAccuracy
        ? $"{pass.Name}: accuracy {pass.Accuracy:0.0000}, as expected of {DigitsModel.Name} {DigitsModel.Live}"
        : $"{pass.Name}: ACCURACY DIFFERS: {pass.Accuracy:0.0000}, but {DigitsModel.Name} {DigitsModel.Live} has {DigitsModel.ExpectedAccuracy:0.0000} on these images";

    private static double Ms(PassResult pass, double percent) => pass.Latencies.Percentile(percent).TotalMilliseconds;

    private static string Counts(IReadOnlyDictionary<string, int> counts) =>
        string.Join(", ", counts.Select(pair => $"{pair.Key}: {pair.Value:N0}"));
}
