using Platform.Core.Protection;

namespace Platform.Core.Tests.Protection;

public sealed class QueryMonitorTests
{
    [Fact]
    public void Observe_QuestionsOutside_AreFoundAfterAFew()
    {
        var monitor = new QueryMonitor();
        var random = new Random(5);
        Assert.InRange(Until(monitor, 50, _ => Natural(random, isOutside: true)) ?? int.MaxValue, 5, 15);
    }

    [Fact]
    public void Observe_AFewOutsideAmongNaturalOnes_AreLeftAlone()
    {
        var monitor = new QueryMonitor();
        var random = new Random(6);
        Assert.Null(Until(monitor, 1_000, i => Natural(random, isOutside: i % 20 == 0)));
    }

    [Fact]
    public void Observe_StepsOfAGrid_AreFound()
    {
        var monitor = new QueryMonitor();
        var start = Natural(new Random(7), isOutside: false).Values;
        Assert.NotNull(Until(monitor, 1_000, i =>
        {
            var values = (float[])start.Clone();
            values[i % QuerySketch.Dimensions] += 0.1f * (i / QuerySketch.Dimensions);
            values[(i + 1) % QuerySketch.Dimensions] += 0.1f;
            return new QuerySketch(1, false, values);
        }));
    }

    [Fact]
    public void Observe_OneQuestionAgainAndAgain_IsLeftAlone()
    {
        var monitor = new QueryMonitor();
        var question = Natural(new Random(8), isOutside: false);
        Assert.Null(Until(monitor, 1_000, _ => question));
    }

    [Fact]
    public void Decode_OfWhatWasEncoded_IsTheSame()
    {
        var random = new Random(9);
        QuerySketch[] sketches = [Natural(random, true), Natural(random, false) with { Class = -1 }];
        var read = QuerySketch.Decode(QuerySketch.Encode(sketches));
        Assert.Equal(sketches.Select(one => (one.Class, one.IsOutside)), read.Select(one => (one.Class, one.IsOutside)));
        for (var i = 0; i < sketches.Length; i++) Assert.Equal(sketches[i].Values, read[i].Values);
        Assert.Empty(QuerySketch.Decode("no base64"));
        Assert.Empty(QuerySketch.Decode(null));
    }

    [Fact]
    public void DistanceTo_OfSketches_IsAboutThatOfTheInputs()
    {
        var random = new Random(10);
        for (var i = 0; i < 20; i++)
        {
            var (a, b) = (Numbers(random, 784), Numbers(random, 784));
            var distance = Math.Sqrt(a.Zip(b).Sum(pair => Math.Pow(pair.First - pair.Second, 2)));
            Assert.InRange(Of(a).DistanceTo(Of(b)), distance * 0.5, distance * 1.5);
        }
    }

    private static QuerySketch Of(float[] numbers)
    {
        var values = new float[QuerySketch.Dimensions];
        QuerySketch.Add(numbers, 0, values);
        return new(0, false, values);
    }

    private static float[] Numbers(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle())];

    private static QuerySketch Natural(Random random, bool isOutside)
    {
        // Sums of several numbers, as distances of natural questions are spread like a bell.
        var values = Numbers(random, QuerySketch.Dimensions).Select(value => (value + random.NextSingle() + random.NextSingle()) * 3).ToArray();
        return new(random.Next(3), isOutside, values);
    }

    private static int? Until(QueryMonitor monitor, int most, Func<int, QuerySketch> ask)
    {
        for (var i = 0; i < most; i++)
        {
            if (monitor.Observe(ask(i)) is not QueryVerdict.Clean) return i + 1;
        }

        return null;
    }
}
