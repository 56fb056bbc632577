using System.Collections.Immutable;
using CsCheck;
using Platform.Core.Quality;
using Platform.Core.Serving;

namespace Platform.Core.Tests.Quality;

/// <summary>Feedback in any order, with duplicates and corrections, against one pass over what holds in the end.</summary>
public sealed class LabelJoinProperties
{
    private const int Requests = 6;
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly Gen<PredictedItem> ClassItem = Gen.Select(
        Gen.Int[-1, 70], Gen.Double[0, 1], Gen.Bool, (value, confidence, known) => new PredictedItem(value, known ? confidence : null, known));

    private static readonly Gen<PredictedItem> ValueItem = Gen.Select(
        Gen.Double[-1e12, 1e12], Gen.Int[0, 20], (value, odd) => odd == 0 ? new PredictedItem(double.NaN, null, false) : new PredictedItem(value, null, true));

    [Fact]
    public void ClassLabels_InAnyOrder_EqualOnePassOverTheLastOnes() => Check(FeedbackKind.Argmax, ClassItem, Gen.Int[0, 70].Select(label => (double)label));

    [Fact]
    public void ValueLabels_InAnyOrder_EqualOnePassOverTheLastOnes() =>
        Check(FeedbackKind.Value, ValueItem, Gen.OneOf(Gen.Double[-1e12, 1e12], Gen.Double[-1e-9, 1e-9], Gen.Const(1e90)));

    [Fact]
    public void Feedback_SentAgain_ChangesNothing()
    {
        var answer = new PredictedAnswer(FeedbackKind.Argmax, [new(3, 0.9, true), new(4, 0.8, true)], []);
        var known = new Dictionary<string, Said>();
        var item = new FeedbackItem("r", [3, null], "conversion", 1, Start);

        Assert.False(Apply(answer, item, known).IsEmpty);

        Assert.True(Apply(answer, item, known).IsEmpty);
        Assert.True(Apply(answer, item with { At = Start.AddSeconds(-1), Labels = [7, null] }, known).IsEmpty);
        Assert.Equal(-1, Apply(answer, item with { At = Start.AddSeconds(1), Labels = [7, null] }, known)["c:3:3"]);
    }

    private static void Check(FeedbackKind kind, Gen<PredictedItem> items, Gen<double> labels)
    {
        var answers = items.Array[1, 3].Select(some => new PredictedAnswer(kind, [.. some], [])).Array[Requests];
        var one = Gen.Select(Gen.Int[0, Requests - 1], Gen.Int[0, 8], labels.Array[3], Gen.Bool.Array[3], Gen.Double[-1e6, 1e6]);
        Gen.Select(answers, one.Array[1, 40], Gen.Int).Sample((predicted, feedback, seed) =>
        {
            var sent = feedback.Select(of => new FeedbackItem(
                $"{of.Item1}",
                [.. predicted[of.Item1].Items.Select((_, i) => of.Item4[i] ? of.Item3[i] : (double?)null)],
                of.Item4[0] ? "spend" : null, of.Item5, Start.AddSeconds(of.Item2))).ToArray();
            var shuffled = sent.Concat(sent.Take(sent.Length / 2)).ToArray();
            new Random(seed).Shuffle(shuffled);

            var counts = new QualityCounts();
            var known = Enumerable.Range(0, Requests).Select(_ => new Dictionary<string, Said>()).ToArray();
            foreach (var item in shuffled)
            {
                var request = int.Parse(item.RequestId, System.Globalization.CultureInfo.InvariantCulture);
                counts.Add(Apply(predicted[request], item, known[request]));
            }

            AssertEqual(Batch(predicted, sent), counts);
        }, iter: 300);
    }

    /// <summary>What the very definition says: of each item the latest label, the larger of two of one moment.</summary>
    private static QualityCounts Batch(PredictedAnswer[] predicted, FeedbackItem[] sent)
    {
        var counts = new QualityCounts();
        for (var request = 0; request < predicted.Length; request++)
        {
            var own = sent.Where(item => item.RequestId == $"{request}").ToList();
            for (var i = 0; i < predicted[request].Items.Length; i++)
            {
                var last = own.Where(item => item.Labels!.Value[i] is not null).OrderBy(item => item.At).ThenBy(item => item.Labels!.Value[i]).LastOrDefault();
                if (last is not null) Counting.Labelled(counts, predicted[request], i, last.Labels!.Value[i]!.Value, 1);
            }

            var outcome = own.Where(item => item.Metric is not null).OrderBy(item => item.At).ThenBy(item => item.Value).LastOrDefault();
            if (outcome is not null) Counting.Metric(counts, "spend", outcome.Value!.Value, 1);
        }

        return counts;
    }

    private static QualityCounts Apply(PredictedAnswer answer, FeedbackItem item, Dictionary<string, Said> known)
    {
        var join = LabelJoin.Of(answer, item, known);
        foreach (var change in join.Changes) known[change.Name] = change.After;
        return join.Counts;
    }

    private static void AssertEqual(QualityCounts expected, QualityCounts actual) => Assert.Equal(
        expected.All.OrderBy(counter => counter.Key, StringComparer.Ordinal), actual.All.OrderBy(counter => counter.Key, StringComparer.Ordinal));
}
