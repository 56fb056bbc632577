namespace Platform.Digits;

/// <summary>Tells a person what the passes showed.</summary>
internal static class Report
{
    public static void Print(params ReadOnlySpan<PassResult> passes)
    {
        Console.WriteLine();
        Console.WriteLine($"{"",-18}{"accuracy",9}{"p50 ms",9}{"p95 ms",9}{"p99 ms",9}{"images/s",10}");
        foreach (var pass in passes)
            Console.WriteLine(Row(pass));

        Console.WriteLine();
        foreach (var pass in passes)
            Console.WriteLine($"{pass.Name,-18}requests answered by worker {Counts(pass.Workers)}; by version {Counts(pass.Versions)}");

        Console.WriteLine();
        foreach (var pass in passes)
            Console.WriteLine(Verdict(pass));
    }

    private static string Row(PassResult pass) =>
        $"{pass.Name,-18}{pass.Accuracy,9:0.0000}{Ms(pass, 50)}{Ms(pass, 95)}{Ms(pass, 99)}{pass.ImagesPerSecond,10:0}";

    /// <summary>One of 2,000 images is 0.0005; accuracy is compared to the digit in which it is declared.</summary>
    private static string Verdict(PassResult pass)
    {
        const string Version = $"{DigitsModel.Name} {DigitsModel.Live}";
        return Math.Round(pass.Accuracy, 4) == DigitsModel.ExpectedAccuracy
            ? $"{pass.Name}: accuracy {pass.Accuracy:0.0000}, as expected of {Version}"
            : $"{pass.Name}: ACCURACY DIFFERS: {pass.Accuracy:0.0000}, but {Version} has {DigitsModel.ExpectedAccuracy:0.0000} on these images";
    }

    private static string Ms(PassResult pass, double percent) => $"{pass.Latencies.Percentile(percent).TotalMilliseconds,9:0.0}";

    private static string Counts(IReadOnlyDictionary<string, int> counts) =>
        string.Join(", ", counts.Select(pair => $"{pair.Key}: {pair.Value:N0}"));
}
