using Microsoft.Extensions.Options;
using Platform.Core.Protection;
using Platform.Core.Quality;
using Platform.SharedState.Protection;
using Platform.Worker.Inference.Codec;
using Platform.Worker.Onnx;
using Platform.Worker.Serving;
using Platform.Worker.Serving.Protection;

namespace Platform.Worker.Inference.Protection;

/// <summary>Does with each request what its version's policy says. A version without one costs a look at a null.</summary>
internal sealed class RequestProtection(
    FindingCounts findings, WorkerTelemetry telemetry, Squeezer squeezer, SqueezeQueue queue, IOptions<ProtectionOptions> options)
{
    /// <summary>Looks at the request before it runs.</summary>
    /// <exception cref="RequestException">It is refused.</exception>
    public ItemFacts[] Admit(ServedVersion served, InferRequest request)
    {
        if (served.Config.Protection is not { NeedsReference: true } policy) return [];
        var facts = ItemReader.Read(request.Inputs, request.BatchSize);
        var profile = ProfileFor(served, facts);
        if (policy.Inputs is { Mode: not ProtectionMode.Off } inputs) Take(served, RequestJudge.CheckInputs(inputs, profile, facts), inputs.Mode);
        if (policy.Distance is { Mode: not ProtectionMode.Off } distance && profile is not null)
            Take(served, RequestJudge.CheckDistance(profile, facts), distance.Mode);
        return facts;
    }

    /// <summary>Squeezes some requests before they are answered, where that is enforced.</summary>
    /// <exception cref="RequestException">It is refused.</exception>
    public async ValueTask EnsureSteadyAsync(ServedVersion served, InferRequest request, OutputTensor[] outputs, CancellationToken gone)
    {
        if (served.Config.Protection?.Squeezing is not { Mode: ProtectionMode.Enforce } check) return;
        if (served.Protection.Reference is not { Profile: not null, Squeezing: { } thresholds } || !IsSampled(check)) return;
        using var job = Squeezer.Prepare(served, request, outputs);
        if (job is not null && await squeezer.ScoreAsync(job, gone) > thresholds.Enforced) Take(served, Unsteady, ProtectionMode.Enforce);
    }

    /// <summary>What the front door's extraction monitor needs of it; null where none watches.</summary>
    public static string? Sketch(ServedVersion served, InferRequest request, ItemFacts[] facts, PredictedAnswer? predicted)
    {
        if (facts.Length == 0 || served.Config.Protection?.Extraction is not { Mode: not ProtectionMode.Off }) return null;
        var profile = ProfileFor(served, facts);
        var sketches = ItemReader.Sketch(request.Inputs, request.BatchSize);
        return QuerySketch.Encode([.. sketches.Select((values, i) => new QuerySketch(
            ClassOf(predicted, i), profile is not null && RequestJudge.IsOutside(profile, facts[i]), values))]);
    }

    /// <summary>After the answer: what references are made of, and what is squeezed without anybody waiting for it.</summary>
    public void Learn(ServedVersion served, InferRequest request, ItemFacts[] facts, OutputTensor[] outputs)
    {
        if (facts.Length == 0) return;
        var reference = served.Protection.Reference;
        if (reference.Profile is null) served.Protection.Learn(facts, options.Value.ReferenceItems);
        else if (served.Config.Protection?.Squeezing is { Mode: not ProtectionMode.Off } check && IsForQueue(check, reference)
            && Squeezer.Prepare(served, request, outputs) is { } job) queue.Add(job);
    }

    internal static Finding Unsteady => new(ProtectionReason.Squeezing, "the answer does not outlast a loss of detail in the inputs");

    /// <summary>Until there is a threshold every request that fits helps to find it.</summary>
    private static bool IsForQueue(SqueezingCheck check, ProtectionReference reference) =>
        reference.Squeezing is null || (check.Mode is ProtectionMode.Observe && IsSampled(check));

    private static bool IsSampled(SqueezingCheck check) => Random.Shared.NextDouble() < (check.Sample ?? SqueezingCheck.DefaultSample);

    /// <summary>Null too where the items are made up in another way than the reference's.</summary>
    private static ReferenceProfile? ProfileFor(ServedVersion served, ItemFacts[] facts) =>
        served.Protection.Reference.Profile is { } profile && facts.All(item => item.Features.Length == profile.Means.Length) ? profile : null;

    private static int ClassOf(PredictedAnswer? predicted, int item) =>
        predicted is { IsClass: true } && item < predicted.Items.Length ? (int)predicted.Items[item].Value : -1;

    private void Take(ServedVersion served, Finding? finding, ProtectionMode mode)
    {
        if (finding is not { } found) return;
        findings.Add(served.Id.Model, served.Id.Version, found.Reason);
        telemetry.Found(served, found.Reason, mode);
        if (mode is not ProtectionMode.Enforce) return;
        throw new RequestException(
            StatusCodes.Status422UnprocessableEntity,
            $"model '{served.Id.Model}' version '{served.Id.Version}' does not take this request ({found.Reason.ToName()}): {found.Detail}");
    }
}
