using Platform.Core.Limits;

namespace Platform.Api.Limits;

/// <summary>The buckets of one caller or model as its limit stands.</summary>
internal sealed class SubjectBuckets
{
    /// <param name="kind"><c>key</c> or <c>model</c>: the head of the limits' names in headers.</param>
    public SubjectBuckets(string subject, string kind, LimitPolicy policy, BucketLink link)
    {
        Policy = policy;
        // Another revision is another limit and starts full; what was left of the last one means nothing to it.
        var head = $"{subject}:{policy.Revision}";
        if (policy.Requests is { } requests) Requests = new($"{kind}-requests", $"{head}:requests", requests, link);
        if (policy.Bytes is { } bytes) Bytes = new($"{kind}-bytes", $"{head}:bytes", bytes, link);
        if (policy.ComputeSeconds is { } seconds) Compute = new($"{kind}-compute", $"{head}:compute", seconds, link);
    }

    public LimitPolicy Policy { get; }

    public PrepaidBucket? Requests { get; }

    public PostpaidBucket? Bytes { get; }

    public PostpaidBucket? Compute { get; }

    /// <summary>Whether a request may pass; what is paid afterwards is looked at first, so that no request token is wasted.</summary>
    public async ValueTask<bool> AdmitAsync(List<Verdict> verdicts)
    {
        var passes = true;
        if (Bytes is not null) passes &= Add(verdicts, Bytes.Look());
        if (Compute is not null) passes &= Add(verdicts, Compute.Look());
        if (Requests is not null && passes) passes &= Add(verdicts, await Requests.TakeAsync());
        return passes;
    }

    public async Task ReportAsync()
    {
        if (Bytes is not null) await Bytes.ReportAsync();
        if (Compute is not null) await Compute.ReportAsync();
    }

    private static bool Add(List<Verdict> verdicts, Verdict verdict)
    {
        verdicts.Add(verdict);
        return verdict.Passes;
    }
}
