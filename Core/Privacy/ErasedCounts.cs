namespace Platform.Core.Privacy;

/// <summary>How much was held of a person when it was erased.</summary>
/// <param name="Predictions">Predictions that waited for their label.</param>
/// <param name="Feedback">Predictions of which something had been said.</param>
/// <param name="Requests">Records of who answered a request.</param>
/// <param name="Units">Units and outcomes in experiments; what had been summed up of them stays, since it names nobody.</param>
/// <param name="Jobs">Batch jobs, with their rows and what came of them.</param>
public sealed record ErasedCounts(long Predictions = 0, long Feedback = 0, long Requests = 0, long Units = 0, long Jobs = 0)
{
    public ErasedCounts Add(IEnumerable<SubjectRecordKind> kinds, long feedback)
    {
        var sum = this with { Feedback = Feedback + feedback };
        foreach (var kind in kinds)
        {
            sum = kind switch
            {
                SubjectRecordKind.Prediction => sum with { Predictions = sum.Predictions + 1 },
                SubjectRecordKind.Request => sum with { Requests = sum.Requests + 1 },
                SubjectRecordKind.Unit => sum with { Units = sum.Units + 1 },
                SubjectRecordKind.Job => sum with { Jobs = sum.Jobs + 1 },
                _ => sum,
            };
        }

        return sum;
    }

    public ErasedCounts Add(ErasedCounts other) =>
        new(Predictions + other.Predictions, Feedback + other.Feedback, Requests + other.Requests, Units + other.Units, Jobs + other.Jobs);
}
