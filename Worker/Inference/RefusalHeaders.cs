namespace Platform.Worker.Inference;

/// <summary>What is said beside a refusal.</summary>
internal static class RefusalHeaders
{
    public static IEnumerable<(string Name, string Value)> For(int status)
    {
        if (status == StatusCodes.Status429TooManyRequests) yield return ("Retry-After", "1");
        if (status == StatusCodes.Status415UnsupportedMediaType) yield return ("Accept-Encoding", "gzip, deflate");
    }
}
