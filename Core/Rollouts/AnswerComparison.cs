namespace Platform.Core.Rollouts;

/// <summary>One output of an answer: its numbers, row by row.</summary>
/// <param name="Columns">Numbers in a row, one row an item of the batch.</param>
public sealed record AnswerOutput(string Name, int Columns, double[] Values);

/// <summary>Whether two answers to the same request say the same.</summary>
public static class AnswerComparison
{
    /// <summary>Single numbers agree when they differ by no more than this share of the larger, or this in all when both are small.</summary>
    public const double Tolerance = 0.01;

    /// <summary>
    /// Rows of several numbers agree when the same one is the largest; single numbers when they are close. Answers of
    /// different outputs or shapes do not agree.
    /// </summary>
    public static ShadowFigures Compare(IReadOnlyList<AnswerOutput> stable, IReadOnlyList<AnswerOutput> shadow)
    {
        var (numbers, sum, max, agrees) = (0L, 0.0, 0.0, stable.Count == shadow.Count && stable.Count > 0);
        foreach (var output in stable)
        {
            var other = shadow.FirstOrDefault(candidate => candidate.Name == output.Name);
            if (other is null || other.Columns != output.Columns || other.Values.Length != output.Values.Length)
            {
                agrees = false;
                continue;
            }

            for (var i = 0; i < output.Values.Length; i++)
            {
                var difference = Math.Abs(output.Values[i] - other.Values[i]);
                if (!double.IsFinite(difference)) continue;
                numbers++;
                sum += difference;
                max = Math.Max(max, difference);
            }

            agrees &= SaysTheSame(output, other);
        }

        return new(1, agrees ? 1 : 0, 0, numbers, sum, max);
    }

    private static bool SaysTheSame(AnswerOutput stable, AnswerOutput shadow)
    {
        if (stable.Columns < 1) return true;
        for (var row = 0; row + stable.Columns <= stable.Values.Length; row += stable.Columns)
        {
            var a = stable.Values.AsSpan(row, stable.Columns);
            var b = shadow.Values.AsSpan(row, stable.Columns);
            if (stable.Columns > 1 ? Largest(a) != Largest(b) : !AreClose(a[0], b[0])) return false;
        }

        return true;
    }

    private static bool AreClose(double a, double b) =>
        a.Equals(b) || Math.Abs(a - b) <= Tolerance * Math.Max(1, Math.Max(Math.Abs(a), Math.Abs(b)));

    private static int Largest(ReadOnlySpan<double> values)
    {
        var largest = 0;
        for (var i = 1; i < values.Length; i++)
        {
            if (values[i] > values[largest]) largest = i;
        }

        return largest;
    }
}
