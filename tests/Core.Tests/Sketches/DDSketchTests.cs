using CsCheck;
using Platform.Core.Sketches;
using Platform.Core.Tests.Statistics;

namespace Platform.Core.Tests.Sketches;

public sealed class DDSketchTests
{
    private static readonly Gen<double> Values = Gen.OneOf(
        Gen.Double[1e-6, 1], Gen.Double[1, 1e6], Gen.Const(0.0), Gen.Double[-1e4, -1e-4]);

    [Theory]
    [InlineData(1, 0, .99)]
    [InlineData(2, 35, 1.9936617)]
    [InlineData(100, 231, 100.494568)]
    [InlineData(123.456, 241, 122.745161)]
    [InlineData(1e6, 691, 994912.784)]
    [InlineData(.001, -345, .000997478115)]
    public void Key_OfReferenceValue_IsTheReferences(double value, int key, double representative)
    {
        var sketch = new DDSketch();
        sketch.Add(value);

        var bin = Assert.Single(sketch.Bins());
        Assert.Equal((1, key, 1L), (bin.Sign, bin.Key, bin.Count));
        Close.Assert(representative, bin.Value, 1e-7);
        Close.Assert(representative, sketch.Quantile(0.5)!.Value, 1e-7);
    }

    [Fact]
    public void Gamma_AtOnePercent_IsTheReferences()
    {
        var sketch = new DDSketch();

        Close.Assert(1.0202020202, sketch.ValueOf(1) / sketch.ValueOf(0), 1e-9);
        Close.Assert(.0200006667, Math.Log(sketch.ValueOf(1) / sketch.ValueOf(0)), 1e-8);
    }

    [Theory]
    [InlineData(.02, 1e-3, 60, 275)]
    [InlineData(.01, 80e-6, 365.25 * 86_400, 1335)]
    public void Keys_OverARange_AreAsManyAsTheReferenceSays(double relativeError, double from, double to, int bins)
    {
        var sketch = new DDSketch(relativeError);

        // The reference counts ln(to/from)/ln(gamma) bins; borders may fall inside one more.
        Assert.InRange(sketch.KeyOf(to) - sketch.KeyOf(from), bins - 1, bins + 1);
    }

    [Fact]
    public void Quantile_OfAnyValues_IsWithinTheRelativeError() =>
        Gen.Select(Values.Array[1, 300], Gen.Double[0, 1]).Sample((values, q) =>
        {
            var sketch = Of(values);
            var exact = values.Order().ElementAt((int)Math.Floor(q * (values.Length - 1)));

            Assert.InRange(Math.Abs(sketch.Quantile(q)!.Value - exact), 0, DDSketch.DefaultRelativeError * Math.Abs(exact) * (1 + 1e-9));
        });

    [Fact]
    public void Merge_OfAHundredProcessesInAnyOrder_EqualsTheSketchOfAllValues() =>
        Gen.Select(Values.Array[0, 20].Array[100], Gen.Int[8, 2048], Gen.Int).Sample((processes, maxBins, seed) =>
        {
            var single = Of(processes.SelectMany(values => values), maxBins);
            var merged = new DDSketch(maxBins: maxBins);
            foreach (var process in processes.OrderBy(_ => seed = unchecked(seed * 1_103_515_245 + 12_345))) merged.Merge(Of(process, maxBins));

            Assert.Equal(single.Bins(), merged.Bins());
        }, iter: 200);

    [Fact]
    public void CountAbove_CountsWhatIsSurelyAbove_AndMissesOnlyTheBucketOfTheThreshold() =>
        Gen.Select(Values.Array[1, 300], Values).Sample((values, threshold) =>
        {
            var sketch = Of(values);
            var margin = 2.1 * DDSketch.DefaultRelativeError * Math.Abs(threshold);

            Assert.InRange(sketch.CountAbove(threshold), values.Count(value => value > threshold + margin), values.Count(value => value > threshold));
        });

    [Fact]
    public void Add_MoreBucketsThanAllowed_KeepsTheLargestPreciseAndTheCount()
    {
        var sketch = new DDSketch(maxBins: 64);
        for (var i = 1; i <= 100_000; i++) sketch.Add(i);

        Assert.Equal(100_000, sketch.Count);
        Assert.InRange(sketch.Bins().Count(), 1, 64);
        Close.Assert(99_000, sketch.Quantile(0.99)!.Value, 0.0101);
        // The price: small values are no longer told apart.
        Assert.True(sketch.Quantile(0.01) > 10_000);
    }

    [Fact]
    public void Add_ValueFarAboveAllOthers_CollapsesThemIntoOneBucket()
    {
        var sketch = new DDSketch(maxBins: 4);
        sketch.Add(1, 5);
        sketch.Add(1e9);
        sketch.Add(2, 3);

        Assert.Equal([8L, 1L], sketch.Bins().Select(bin => bin.Count));
    }

    [Fact]
    public void Quantile_OfNothing_IsNull() => Assert.Equal((null, null, 0L), (new DDSketch().Quantile(0.5), new DDSketch().Mean(), new DDSketch().Count));

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Add_ValueThatIsNotFinite_Throws(double value) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new DDSketch().Add(value));

    [Fact]
    public void Merge_OtherRelativeError_Throws() =>
        Assert.Throws<ArgumentException>(() => new DDSketch(0.01).Merge(new DDSketch(0.02)));

    [Fact]
    public void Mean_OfPositiveValues_IsWithinTheRelativeError() =>
        Gen.Double[1e-3, 1e6].Array[1, 200].Sample(values => Close.Assert(values.Average(), Of(values).Mean()!.Value, 0.0101));

    private static DDSketch Of(IEnumerable<double> values, int maxBins = DDSketch.DefaultMaxBins)
    {
        var sketch = new DDSketch(maxBins: maxBins);
        foreach (var value in values) sketch.Add(value);
        return sketch;
    }
}
