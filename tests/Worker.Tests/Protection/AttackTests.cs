using Platform.Simulations.Attacks;

namespace Platform.Worker.Tests.Protection;

/// <summary>A part of what <c>tests/Simulations -- attacks</c> prints, with room for chance.</summary>
public sealed class AttackTests : IDisposable
{
    private const int Victims = 20;

    /// <summary>Of the attack that squeezing is held to; larger steps are found by the distance.</summary>
    private const float Epsilon = 0.1f;

    private static readonly float[][] Images = Digits.Images();
    private static readonly float[][] Even = [.. Images.Where((_, i) => i % 2 == 0)];
    private static readonly float[][] Odd = [.. Images.Where((_, i) => i % 2 == 1)];
    private readonly DigitsUnderAttack model = new(Digits.Model("2.0.0"));

    [Fact]
    public void CleanDigits_AllOfThem_AreFoundByAtMostOneInAHundred()
    {
        var clean = Rates.Of(new(model, Even), Odd) + Rates.Of(new(model, Odd), Even);
        Assert.Equal(2_000, clean.Images);
        Assert.InRange(clean.Inputs, 0, 0.01);
        Assert.InRange(clean.Distance, 0, 0.01);
        Assert.InRange(clean.SqueezedEnforced, 0, 0.01);
        Assert.InRange(clean.SqueezedObserved, 0, 0.07);
    }

    [Fact]
    public void Attacks_OfEachKind_AreFoundByTheCheckThatIsForThem()
    {
        var (detectors, random, victims) = (new Detectors(model, Even), new Random(11), Odd[..100]);
        Assert.InRange(Rates.Of(detectors, [.. victims.Select(_ => DigitsUnderAttack.Noise(random))]).Distance, 0.95, 1);
        Assert.InRange(Rates.Of(detectors, [.. victims.Select(_ => DigitsUnderAttack.CoarseNoise(random))]).Distance, 0.95, 1);
        Assert.InRange(Rates.Of(detectors, [.. victims.Select(image => DigitsUnderAttack.Noisy(image, 0.1f, random))]).Distance, 0.95, 1);
        foreach (var kind in Enumerable.Range(0, 4))
            Assert.InRange(Rates.Of(detectors, [.. victims.Select(image => DigitsUnderAttack.OutOfRange(image, kind))]).Inputs, 0.95, 1);
    }

    [Fact]
    public void AdversarialDigits_ThatFoolTheModel_AreFoundBySqueezingAndByDistance()
    {
        var detectors = new Detectors(model, Even);
        var fooled = Odd[..Victims].Select(image => (Before: image, After: model.Fgsm(image, Epsilon)))
            .Where(pair => Label(pair.Before) != Label(pair.After)).Select(pair => pair.After).ToArray();
        Assert.InRange(fooled.Length, Victims / 4, Victims);
        var rates = Rates.Of(detectors, fooled);
        Assert.InRange(rates.SqueezedObserved, 0.95, 1);
        Assert.InRange(rates.Distance, 0.9, 1);
    }

    [Fact]
    public void Callers_WhoCopyAndWhoDoNot_AreToldApart()
    {
        var detectors = new Detectors(model, Even);
        Assert.All(Enumerable.Range(0, 3), seed => Assert.Null(detectors.QuestionsUntilAlarm(Shuffled(seed))));
        for (var caller = 0; caller < 5; caller++)
        {
            var random = new Random(caller);
            Assert.NotNull(detectors.QuestionsUntilAlarm([.. Enumerable.Range(0, 200).Select(_ => DigitsUnderAttack.Noise(random))]));
            Assert.NotNull(detectors.QuestionsUntilAlarm([.. Enumerable.Range(0, 200).Select(i => DigitsUnderAttack.GridPoint((caller * 1_000) + i))]));
            Assert.NotNull(detectors.QuestionsUntilAlarm([.. Enumerable.Range(0, 1_000).Select(i => DigitsUnderAttack.GridAround(Odd[caller], i))]));
        }
    }

    public void Dispose() => model.Dispose();

    private int Label(float[] image) => DigitsUnderAttack.ClassOf(model.Ask([image])[0]);

    private static float[][] Shuffled(int seed)
    {
        var images = (float[][])Odd.Clone();
        new Random(seed).Shuffle(images);
        return images;
    }
}
