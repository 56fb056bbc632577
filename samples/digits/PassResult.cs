namespace Platform.Digits;

/// <summary>The figures of one pass over the images.</summary>
internal sealed class PassResult(string name, int images)
{
    private readonly List<TimeSpan> times = [];

    private readonly SortedDictionary<string, int> workers = new(StringComparer.Ordinal);

    private readonly SortedDictionary<string, int> versions = new(StringComparer.Ordinal);

    private int correct;

    public string Name => name;

    public TimeSpan Elapsed { get; set; }

    public double Accuracy => (double)correct / images;

    public double ImagesPerSecond => images / Elapsed.TotalSeconds;

    public Latencies Latencies => new(times);

    /// <summary>Requests by the worker that answered them.</summary>
    public IReadOnlyDictionary<string, int> Workers => workers;

    /// <summary>Requests by the model version that answered them.</summary>
    public IReadOnlyDictionary<string, int> Versions => versions;

    public void Add(TimeSpan time, int correctDigits, string worker, string version)
    {
        times.Add(time);
        correct += correctDigits;
        workers[worker] = workers.GetValueOrDefault(worker) + 1;
        versions[version] = versions.GetValueOrDefault(version) + 1;
    }
}
