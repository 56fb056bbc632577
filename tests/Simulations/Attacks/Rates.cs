namespace Platform.Simulations.Attacks;

/// <summary>Share of requests found by each check, and by any.</summary>
public readonly record struct Rates(int Images, double Inputs, double Distance, double SqueezedObserved, double SqueezedEnforced, double Any)
{
    public static Rates Of(Detectors detectors, IReadOnlyList<float[]> images)
    {
        var scores = detectors.SqueezeScores(images);
        var rows = images.Select((image, i) => (
            Bad: detectors.IsBad(image), Far: detectors.IsFar(image), Observed: scores[i] > detectors.Observed, Enforced: scores[i] > detectors.Enforced)).ToArray();
        return new(
            images.Count, Share(row => row.Bad), Share(row => row.Far), Share(row => row.Observed), Share(row => row.Enforced),
            Share(row => row.Bad || row.Far || row.Enforced));

        double Share(Func<(bool Bad, bool Far, bool Observed, bool Enforced), bool> isFound) => rows.Count(isFound) / (double)rows.Length;
    }

    /// <summary>Of two parts together.</summary>
    public static Rates operator +(Rates a, Rates b)
    {
        var (n, m) = (a.Images / (double)(a.Images + b.Images), b.Images / (double)(a.Images + b.Images));
        return new(
            a.Images + b.Images, (n * a.Inputs) + (m * b.Inputs), (n * a.Distance) + (m * b.Distance),
            (n * a.SqueezedObserved) + (m * b.SqueezedObserved), (n * a.SqueezedEnforced) + (m * b.SqueezedEnforced), (n * a.Any) + (m * b.Any));
    }
}
