using System.Globalization;

namespace Platform.Api.Limits;

/// <summary>What limits say, in the headers of draft-ietf-httpapi-ratelimit-headers: <c>RateLimit-Policy</c> and <c>RateLimit</c>.</summary>
internal static class LimitHeaders
{
    public static void Write(HttpResponse response, IReadOnlyList<Verdict> verdicts)
    {
        if (verdicts.Count == 0) return;
        response.Headers["RateLimit-Policy"] = string.Join(", ", verdicts.Select(Policy));
        response.Headers["RateLimit"] = string.Join(", ", verdicts.Select(State));
    }

    /// <summary>The longest wait that any of them asks for, in whole seconds, at least one.</summary>
    public static string RetryAfter(IEnumerable<Verdict> verdicts) => Whole(Math.Max(1, verdicts.Max(verdict => verdict.Wait.TotalSeconds)), up: true);

    private static string Policy(Verdict verdict) =>
        $"\"{verdict.Name}\";q={Whole(verdict.Quota.Limit, up: true)};w={Whole(verdict.Quota.Window.TotalSeconds, up: true)}"
        + (verdict.Name.EndsWith("bytes", StringComparison.Ordinal) ? ";qu=\"content-bytes\"" : "");

    private static string State(Verdict verdict) =>
        $"\"{verdict.Name}\";r={Whole(verdict.Remaining, up: false)};t={Whole(verdict.Wait.TotalSeconds, up: true)}";

    // Structured fields know integers of at most 15 digits.
    private static string Whole(double number, bool up) =>
        Math.Clamp(up ? Math.Ceiling(number) : Math.Floor(number), 0, 999_999_999_999_999).ToString("0", CultureInfo.InvariantCulture);
}
