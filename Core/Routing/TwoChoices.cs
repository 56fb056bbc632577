namespace Platform.Core.Routing;

/// <summary>Chooses between two workers drawn at random.</summary>
public static class TwoChoices
{
    /// <summary>
    /// Index of the less loaded of two candidates drawn at random: the power of two choices (Mitzenmacher, 2001),
    /// which keeps the longest queue short without asking everyone.
    /// </summary>
    /// <param name="outstanding">Requests outstanding at each candidate; at least one candidate.</param>
    /// <param name="first">Random number in [0, 1).</param>
    /// <param name="second">Random number in [0, 1).</param>
    public static int Pick(ReadOnlySpan<int> outstanding, double first, double second)
    {
        if (outstanding.Length == 1) return 0;
        var a = (int)(first * outstanding.Length);
        // The second is drawn from the others, so that it is never the first again.
        var b = (a + 1 + (int)(second * (outstanding.Length - 1))) % outstanding.Length;
        return outstanding[b] < outstanding[a] ? b : a;
    }
}
