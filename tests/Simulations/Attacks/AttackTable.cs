using System.Globalization;
using Platform.Tests;

namespace Platform.Simulations.Attacks;

/// <summary>
/// What the input checks find of attacks on the digits model, and of clean digits: half of them are the reference and the
/// other half is asked, then the other way round.
/// </summary>
internal static class AttackTable
{
    private const string Version = "2.0.0";
    private const int Questions = 1_000;

    public static int Print(int attacks)
    {
        var images = Digits.Images();
        using var model = new DigitsUnderAttack(Digits.Model(Version));
        var halves = new[] { images.Where((_, i) => i % 2 == 0).ToArray(), images.Where((_, i) => i % 2 == 1).ToArray() };
        var detectors = halves.Select(half => new Detectors(model, half)).ToArray();
        Console.WriteLine(Invariant($"digits {Version}, reference of {halves[0].Length} pictures; squeezing thresholds {detectors[0].Observed:0.000} observed, {detectors[0].Enforced:0.000} enforced"));
        Console.WriteLine("| requests | n | inputs | distance | squeezing observed | squeezing enforced | any enforced |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        var clean = Rates.Of(detectors[0], halves[1]) + Rates.Of(detectors[1], halves[0]);
        Row("clean", clean);
        var random = new Random(7);
        var victims = halves[1].Take(attacks).ToArray();
        Row("noise", Rates.Of(detectors[0], [.. victims.Select(_ => DigitsUnderAttack.Noise(random))]));
        Row("noise in blocks", Rates.Of(detectors[0], [.. victims.Select(_ => DigitsUnderAttack.CoarseNoise(random))]));
        foreach (var deviation in (ReadOnlySpan<float>)[0.05f, 0.1f, 0.3f])
            Row(Invariant($"digit + noise {deviation:0.00}"), Rates.Of(detectors[0], [.. victims.Select(image => DigitsUnderAttack.Noisy(image, deviation, random))]));
        foreach (var (name, kind) in (ReadOnlySpan<(string, int)>)[("0 to 255", 0), ("-1 to 1", 1), ("0 to 1.5", 2), ("standardised", 3)])
            Row("range " + name, Rates.Of(detectors[0], [.. victims.Select(image => DigitsUnderAttack.OutOfRange(image, kind))]));
        foreach (var epsilon in (ReadOnlySpan<float>)[0.05f, 0.1f, 0.2f, DigitsUnderAttack.Epsilon])
        {
            var wrong = victims.Select(image => (Before: image, After: model.Fgsm(image, epsilon)))
                .Where(pair => DigitsUnderAttack.ClassOf(model.Ask([pair.Before])[0]) != DigitsUnderAttack.ClassOf(model.Ask([pair.After])[0]))
                .Select(pair => pair.After).ToArray();
            if (wrong.Length > 0) Row(Invariant($"FGSM {epsilon:0.00} that fooled it"), Rates.Of(detectors[0], wrong));
        }

        PrintExtraction(detectors, halves);
        return 0;
    }

    private static void PrintExtraction(Detectors[] detectors, float[][][] halves)
    {
        const int callers = 40;
        Console.WriteLine();
        Console.WriteLine(Invariant($"| callers, {Questions} questions each | n | found | questions until then, median and most |"));
        Console.WriteLine("|---|---|---|---|");
        Callers("clean digits", caller =>
        {
            var random = new Random(caller);
            var pool = (float[][])halves[1 - (caller % 2)].Clone();
            random.Shuffle(pool);
            return pool;
        });
        Callers("clean digits, some again and again", caller =>
        {
            var random = new Random(caller);
            var pool = halves[1 - (caller % 2)];
            return [.. Enumerable.Range(0, Questions).Select(_ => pool[random.Next(pool.Length / 4)])];
        });
        Callers("random", caller => Make(caller, (random, _) => DigitsUnderAttack.Noise(random)));
        Callers("random in blocks", caller => Make(caller, (random, _) => DigitsUnderAttack.CoarseNoise(random)));
        Callers("grid", caller => Make(caller, (_, i) => DigitsUnderAttack.GridPoint((caller * Questions) + i)));
        Callers("grid around digits", caller => Make(caller, (_, i) => DigitsUnderAttack.GridAround(halves[1 - (caller % 2)][caller], i)));
        Callers("digits + noise 0.05 and 0.1", caller => Make(caller, (random, i) =>
            DigitsUnderAttack.Noisy(halves[1 - (caller % 2)][(caller + (i / 10)) % 1000], i % 2 == 0 ? 0.05f : 0.1f, random)));

        void Callers(string name, Func<int, float[][]> questionsOf)
        {
            var found = Enumerable.Range(0, callers).Select(caller => detectors[caller % 2].QuestionsUntilAlarm(questionsOf(caller))).ToArray();
            var at = found.OfType<int>().Order().ToArray();
            Console.WriteLine(Invariant($"| {name} | {callers} | {at.Length / (double)callers:0.000} | {(at.Length == 0 ? "-" : Invariant($"{at[at.Length / 2]}, {at[^1]}"))} |"));
        }

        static float[][] Make(int caller, Func<Random, int, float[]> one)
        {
            var random = new Random(1_000 + caller);
            return [.. Enumerable.Range(0, Questions).Select(i => one(random, i))];
        }
    }

    private static void Row(string name, Rates rates) => Console.WriteLine(Invariant(
        $"| {name} | {rates.Images} | {rates.Inputs:0.0000} | {rates.Distance:0.0000} | {rates.SqueezedObserved:0.0000} | {rates.SqueezedEnforced:0.0000} | {rates.Any:0.0000} |"));

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
