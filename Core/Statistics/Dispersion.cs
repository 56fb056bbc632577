using System.Text.Json.Serialization;

namespace Platform.Core.Statistics;

/// <summary>
/// How much more the rate of bad events varies from minute to minute than chance has it, as a coefficient of variation
/// cv. Taken from differences of neighbouring minutes, so that the time of day does not count as noise and a step of
/// the rate counts once.
/// </summary>
/// <param name="Pairs">Neighbouring minutes compared.</param>
/// <param name="Excess">Sum of squared differences of rates less what chance explains.</param>
/// <param name="Requests">Of all minutes.</param>
/// <param name="Bad">Of all minutes.</param>
/// <param name="LastRequests">Of the last minute.</param>
/// <param name="LastBad">Of the last minute.</param>
public sealed record Dispersion(int Pairs, double Excess, double ChanceVariance, long Requests, long Bad, long LastRequests, long LastBad)
{
    /// <summary>Assumed while too few minutes are known.</summary>
    public const double AssumedCv = 0.3;
    private const int LeastPairs = 8;

    public static Dispersion Empty { get; } = new(0, 0, 0, 0, 0, 0, 0);

    [JsonIgnore]
    public double Rate => Requests == 0 ? 0 : (double)Bad / Requests;

    public Dispersion With(long requests, long bad)
    {
        if (requests == 0) return this with { LastRequests = 0, LastBad = 0 };
        var next = this with { Requests = Requests + requests, Bad = Bad + bad, LastRequests = requests, LastBad = bad };
        if (LastRequests == 0) return next;
        var difference = ((double)bad / requests) - ((double)LastBad / LastRequests);
        var rate = (double)(bad + LastBad) / (requests + LastRequests);
        var chance = rate * (1 - rate) * ((1.0 / requests) + (1.0 / LastRequests));
        return next with { Pairs = Pairs + 1, Excess = Excess + (difference * difference) - chance, ChanceVariance = ChanceVariance + chance };
    }

    /// <summary>The estimate; null while too few minutes are known.</summary>
    [JsonIgnore]
    public double? Cv => Pairs < LeastPairs || Bad == 0 ? null : Math.Sqrt(Math.Max(0, Excess / (2 * Pairs)) / (Rate * Rate));

    /// <summary>Squared cv that a judge should reckon with: the estimate, or what is assumed while there is none.</summary>
    [JsonIgnore]
    public double PrudentCv2
    {
        get
        {
            if (Cv is not { } cv) return AssumedCv * AssumedCv;
            // A whole standard error on top where noise shows; none where the minutes agree with chance.
            var error = Math.Sqrt(3.0 / Pairs) * ((ChanceVariance / (2 * Pairs) / (Rate * Rate)) + (cv * cv));
            return Excess > 0 && cv * cv > error ? (cv * cv) + error : cv * cv;
        }
    }
}
