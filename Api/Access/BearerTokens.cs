namespace Platform.Api.Access;

internal static class BearerTokens
{
    private const string Bearer = "Bearer ";

    /// <summary>What stands behind <c>Authorization: Bearer</c>; null when nothing does.</summary>
    public static string? Find(HttpRequest request)
    {
        var authorization = request.Headers.Authorization.ToString();
        return authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? authorization[Bearer.Length..].Trim() : null;
    }
}
