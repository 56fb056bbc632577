using System.Globalization;

namespace Platform.Core.Quality;

/// <summary>What is counted of a version's predictions and their labels. The names are those in Redis: short on purpose.</summary>
public static class CounterNames
{
    /// <summary>Classes that are told apart; those with a higher number are one class, "other". Bounds the memory of a slot.</summary>
    public const int MaxClasses = 64;

    public const int CalibrationBins = 10;
    public const string Other = "o";

    /// <summary>Items answered.</summary>
    public const string Predicted = "p";

    /// <summary>Of those: no label can be joined to them, since they were sampled out, dropped or had a repeated id.</summary>
    public const string NotKept = "u";

    /// <summary>Of those: with an output that is not finite.</summary>
    public const string NotFinite = "q";

    /// <summary>Of those: by a threshold, or by value.</summary>
    public const string ByThreshold = "pt";
    public const string ByValue = "pv";

    public const string Labelled = "n";
    public const string Wrong = "w";

    /// <summary>Labelled values with a finite prediction, and the sums of their absolute and squared errors.</summary>
    public const string Errors = "en";
    public const string AbsoluteError = "ea";
    public const string SquaredError = "es";

    /// <summary>Items whose confidence is known, and those of them whose probabilities of all classes are.</summary>
    public const string WithConfidence = "k";
    public const string WithMass = "km";

    /// <summary>Hits among items of which label and prediction are both of class "other".</summary>
    public const string OtherHits = "c:o:o=";

    public const string CellPrefix = "c:";
    public const string AnsweredPrefix = "y:";
    public const string MetricPrefix = "x:";

    public const string ValuePrefix = "v:";

    /// <summary>Of a predicted value: greater and smaller exponents of two are not told apart.</summary>
    private const int MaxExponent = 15;

    public static string Class(double number) => number is >= 0 and < MaxClasses ? ((int)number).ToString(CultureInfo.InvariantCulture) : Other;

    public static string Cell(double label, double answer) => $"{CellPrefix}{Class(label)}:{Class(answer)}";

    /// <summary>Label and prediction of a cell's counter; null of any other counter.</summary>
    public static (string Label, string Answer)? ParseCell(string counter)
    {
        if (!counter.StartsWith(CellPrefix, StringComparison.Ordinal) || counter == OtherHits) return null;
        var parts = counter.Split(':');
        return (parts[1], parts[2]);
    }

    public static string Answered(string name) => AnsweredPrefix + name;

    /// <summary>Millionths of probability that answers of this class gave to it, and that all answers gave to it.</summary>
    public static string Confidence(string name) => "e:" + name;

    public static string Mass(string name) => "f:" + name;

    /// <summary>Predictions that are values count by powers of two, so that every version's bins are the same ones: 63 of them.</summary>
    public static string ValueBin(double value)
    {
        var exponent = double.IsFinite(value) ? Math.Clamp(value == 0 ? 0 : Math.ILogB(value), -MaxExponent, MaxExponent) : MaxExponent;
        var bin = value == 0 ? 0 : 1 + exponent + MaxExponent + (value < 0 ? (2 * MaxExponent) + 1 : 0);
        return ValuePrefix + bin.ToString(CultureInfo.InvariantCulture);
    }

    public static string BinCount(int bin) => $"b{bin}n";

    public static string BinHits(int bin) => $"b{bin}h";

    public static string BinConfidence(int bin) => $"b{bin}e";

    public static string MetricCount(string metric) => $"{MetricPrefix}{metric}:n";

    public static string MetricSum(string metric) => $"{MetricPrefix}{metric}:a";

    public static string MetricSquares(string metric) => $"{MetricPrefix}{metric}:s";

    /// <summary>Whether it is among the few that are kept in slots of seconds.</summary>
    public static bool IsFine(string name) =>
        name is Predicted or NotKept or NotFinite or Labelled or Wrong || name.StartsWith(MetricPrefix, StringComparison.Ordinal);
}
