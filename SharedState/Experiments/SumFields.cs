using System.Collections.Immutable;
using System.Globalization;
using Platform.Core.Experiments;
using Platform.Core.Statistics;

namespace Platform.SharedState.Experiments;

/// <summary>Reads what <see cref="CountingScript"/> counted.</summary>
internal static class SumFields
{
    /// <summary>Outcomes that were no value of their metric, such as 0.5 of a proportion.</summary>
    public const string Unfit = "unfit";

    public static ExperimentCounts Read(IReadOnlyDictionary<string, string> sums, int arms, Func<int, double> valueOf)
    {
        var metrics = sums.Keys.Select(field => field.Split('|')).Where(parts => parts is ["n" or "c", ..]).Select(parts => parts[1]).ToHashSet();
        var values = Values(sums, valueOf);
        return new(
            [
                .. Enumerable.Range(0, arms).Select(arm => new ArmCounts(
                    Whole(sums, $"u|{arm}"), metrics.ToImmutableDictionary(metric => metric, metric => Outcomes(sums, metric, arm, values)))),
            ],
            metrics.Where(metric => sums.ContainsKey($"marks|{metric}"))
                .ToImmutableDictionary(metric => metric, metric => Marks(sums[$"marks|{metric}"])),
            Whole(sums, "refused"), Whole(sums, "crossed"), Whole(sums, Unfit));
    }

    private static OutcomeSums Outcomes(
        IReadOnlyDictionary<string, string> sums, string metric, int arm, ILookup<(string, string), CountedValue> values)
    {
        var at = $"{metric}|{arm}";
        var events = Whole(sums, $"e|{at}");
        var paired = new PairedSums(
            Whole(sums, $"c|{at}|n"), Number(sums, $"c|{at}|y"), Number(sums, $"c|{at}|yy"),
            Number(sums, $"c|{at}|x"), Number(sums, $"c|{at}|xx"), Number(sums, $"c|{at}|xy"));
        var counted = values[(metric, arm.ToString(CultureInfo.InvariantCulture))].ToImmutableArray();
        // Of ones and zeros the sum of squares is the sum.
        return new(
            Whole(sums, $"n|{at}"), events + Number(sums, $"s|{at}"), events + Number(sums, $"q|{at}"), paired, counted.IsEmpty ? null : counted);
    }

    private static ILookup<(string, string), CountedValue> Values(IReadOnlyDictionary<string, string> sums, Func<int, double> valueOf) =>
        sums.Select(sum => (Parts: sum.Key.Split('|'), sum.Value)).Where(sum => sum.Parts is ["h", _, _, _]).ToLookup(
            sum => (sum.Parts[1], sum.Parts[2]),
            sum => new CountedValue(valueOf(int.Parse(sum.Parts[3], CultureInfo.InvariantCulture)), long.Parse(sum.Value, CultureInfo.InvariantCulture)));

    private static ImmutableArray<OutcomeMark> Marks(string text) =>
    [
        .. text.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(line =>
        {
            var numbers = line.Split(',').Select(number => long.Parse(number, CultureInfo.InvariantCulture)).ToArray();
            return new OutcomeMark(
                [.. numbers.Where((_, i) => i % 2 == 0)], [.. numbers.Where((_, i) => i % 2 == 1)]);
        }),
    ];

    private static long Whole(IReadOnlyDictionary<string, string> sums, string field) =>
        sums.TryGetValue(field, out var text) ? long.Parse(text, CultureInfo.InvariantCulture) : 0;

    private static double Number(IReadOnlyDictionary<string, string> sums, string field) =>
        sums.TryGetValue(field, out var text) ? double.Parse(text, CultureInfo.InvariantCulture) : 0;
}
