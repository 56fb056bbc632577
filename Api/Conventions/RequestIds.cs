namespace Platform.Api.Conventions;

/// <summary>Every answer carries the request's id: the client's own, or one made here.</summary>
internal static class RequestIds
{
    public const string Header = "X-Request-Id";
    private const int MaxLength = 128;

    public static IApplicationBuilder UseRequestIds(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        var given = context.Request.Headers[Header].ToString();
        context.TraceIdentifier = IsUsable(given) ? given : Guid.CreateVersion7().ToString();
        context.Response.Headers[Header] = context.TraceIdentifier;
        return next(context);
    });

    private static bool IsUsable(string id) => id.Length is > 0 and <= MaxLength && id.All(character => character is > ' ' and <= '~');
}
