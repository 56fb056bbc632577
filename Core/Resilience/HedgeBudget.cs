namespace Platform.Core.Resilience;

/// <summary>
/// How many second requests may be sent: a share of the first ones, saved up to a few. When everything is slow, second
/// requests would only make it slower. It knows no lock; one caller at a time.
/// </summary>
/// <param name="share">Second requests for each first one, 0 to 1.</param>
public sealed class HedgeBudget(double share)
{
    private const double MaxSaved = 10;
    private double saved = 1;

    /// <summary>A first request was sent.</summary>
    public void Earn() => saved = Math.Min(MaxSaved, saved + share);

    public bool TrySpend()
    {
        if (saved < 1) return false;
        saved--;
        return true;
    }
}
