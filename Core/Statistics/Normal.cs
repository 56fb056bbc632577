namespace Platform.Core.Statistics;

/// <summary>The standard normal distribution, exact to about 14 digits in both tails.</summary>
public static class Normal
{
    private const int FractionTerms = 120;
    private static readonly double SqrtTwoPi = Math.Sqrt(2 * Math.PI);

    public static double Density(double x) => Math.Exp(-0.5 * x * x) / SqrtTwoPi;

    /// <summary>P(X &lt;= x).</summary>
    public static double Cdf(double x) => UpperTail(-x);

    /// <summary>P(X &gt; x), without the loss of digits that 1 - Cdf(x) has far out.</summary>
    public static double UpperTail(double x) => x switch
    {
        < 0 => 1 - UpperTail(-x),
        < 2 => 0.5 - Density(x) * Series(x),
        _ => Density(x) / Fraction(x),
    };

    /// <summary>The x with Cdf(x) = <paramref name="p"/>; infinite at 0 and 1, not a number outside of them.</summary>
    public static double Quantile(double p)
    {
        if (double.IsNaN(p) || p is < 0 or > 1) return double.NaN;
        if (p is 0) return double.NegativeInfinity;
        if (p > 0.5) return -Quantile(1 - p);

        var x = -Guess(p);
        // Halley's method triples the digits of the guess's four each time.
        for (var i = 0; i < 3; i++)
        {
            var step = (Cdf(x) - p) / Density(x);
            x -= step / (1 + 0.5 * x * step);
        }

        return x;
    }

    /// <summary>Abramowitz and Stegun, 26.2.23: the upper quantile to 4.5e-4.</summary>
    private static double Guess(double p)
    {
        var t = Math.Sqrt(-2 * Math.Log(p));
        return t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
    }

    /// <summary>x + x³/3 + x⁵/(3·5) + … (Marsaglia, "Evaluating the Normal Distribution", 2004).</summary>
    private static double Series(double x)
    {
        var term = x;
        var sum = x;
        for (var i = 3; sum + term != sum; i += 2)
        {
            term *= x * x / i;
            sum += term;
        }

        return sum;
    }

    /// <summary>Laplace's continued fraction x + 1/(x + 2/(x + 3/(x + …))), from the far end.</summary>
    private static double Fraction(double x)
    {
        var fraction = x;
        for (var k = FractionTerms; k >= 1; k--) fraction = x + k / fraction;
        return fraction;
    }
}
