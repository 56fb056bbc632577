using System.Globalization;
using Platform.Core.Quality;
using Platform.Core.Statistics;

namespace Platform.Core.Rollouts;

/// <summary>What predictions and labels come to for a bound that is judged class by class.</summary>
public static class ClassTicks
{
    /// <summary>How many parts there may be: each class, and one for all others; of an output's shift twice as many.</summary>
    /// <param name="classes">Of the model; null where its outputs do not say.</param>
    public static int PartsOf(MetricKind kind, int? classes) => kind switch
    {
        MetricKind.OutputShift => 2 * (Math.Clamp(classes ?? CounterNames.MaxClasses, 1, CounterNames.MaxClasses) + 1),
        _ when GuardrailCheck.IsOfKindByClass(kind) => Math.Clamp(classes ?? CounterNames.MaxClasses, 1, CounterNames.MaxClasses) + 1,
        _ => 1,
    };

    /// <summary>The whole's counts first, then each part's; no counts where the predictions are not of a kind to be judged so.</summary>
    public static IEnumerable<CheckCounts> Of(GuardrailCheck whole, QualityCounts canary, QualityCounts stable) =>
        whole.Kind is MetricKind.OutputShift ? Shifts(whole, canary, stable) : Labelled(whole, canary, stable);

    private static IEnumerable<CheckCounts> Shifts(GuardrailCheck whole, QualityCounts canary, QualityCounts stable)
    {
        var (ofCanary, ofStable) = (Answers(whole, canary), Answers(whole, stable));
        var (nc, ns) = (ofCanary.Values.Sum(), ofStable.Values.Sum());
        yield return new(whole, new CountTick(nc, 0, ns, 0));
        foreach (var part in ofCanary.Keys.Union(ofStable.Keys))
        {
            var (xc, xs) = (ofCanary.GetValueOrDefault(part), ofStable.GetValueOrDefault(part));
            yield return new(whole with { Part = part }, new CountTick(nc, xc, ns, xs));
            yield return new(whole with { Part = part, Rarer = true }, new CountTick(nc, nc - xc, ns, ns - xs));
        }
    }

    private static IEnumerable<CheckCounts> Labelled(GuardrailCheck whole, QualityCounts canary, QualityCounts stable)
    {
        if (canary[CounterNames.ByValue] + stable[CounterNames.ByValue] > 0) return [new(whole, null)];
        var (ofCanary, ofStable) = (Tallies(whole, canary), Tallies(whole, stable));
        return
        [
            new(whole, new CountTick(
                canary[CounterNames.Labelled], canary[CounterNames.Wrong], stable[CounterNames.Labelled], stable[CounterNames.Wrong])),
            .. ofCanary.Keys.Union(ofStable.Keys).Select(part => (Part: part, Of: ofCanary.GetValueOrDefault(part), Against: ofStable.GetValueOrDefault(part)))
                .Select(of => new CheckCounts(whole with { Part = of.Part }, new CountTick(of.Of.Items, of.Of.Bad, of.Against.Items, of.Against.Bad))),
        ];
    }

    private static Dictionary<string, long> Answers(GuardrailCheck whole, QualityCounts counts) => counts.All
        .Where(counter => counter.Key.StartsWith(CounterNames.AnsweredPrefix, StringComparison.Ordinal) || counter.Key.StartsWith(CounterNames.ValuePrefix, StringComparison.Ordinal))
        .GroupBy(counter => PartOf(counter.Key[CounterNames.AnsweredPrefix.Length..], whole.Parts / 2), counter => counter.Value)
        .ToDictionary(part => part.Key, part => part.Sum());

    private static Dictionary<string, (long Items, long Bad)> Tallies(GuardrailCheck whole, QualityCounts counts)
    {
        var tallies = new Dictionary<string, (long Items, long Bad)>();
        foreach (var (name, amount) in counts.All)
        {
            if (CounterNames.ParseCell(name) is not { } cell) continue;
            var (label, answer) = (PartOf(cell.Label, whole.Parts), PartOf(cell.Answer, whole.Parts));
            // Two classes beyond the limit share a cell without being the same.
            var hits = cell.Label != cell.Answer ? 0 : cell.Label == CounterNames.Other ? counts[CounterNames.OtherHits] : amount;
            if (whole.Kind is not MetricKind.WrongOfPredicted) Add(label, amount, amount - hits);
            if (whole.Kind is MetricKind.WrongOfPredicted || (whole.Kind is MetricKind.WrongOfInvolved && answer != label)) Add(answer, amount, amount - hits);
        }

        return tallies;

        void Add(string part, long items, long bad)
        {
            var known = tallies.GetValueOrDefault(part);
            tallies[part] = (known.Items + items, known.Bad + bad);
        }
    }

    /// <summary>The last part is for all classes that the model was not known to have.</summary>
    private static string PartOf(string name, int parts) =>
        int.TryParse(name, CultureInfo.InvariantCulture, out var number) && number < parts - 1 ? name : "other";
}
