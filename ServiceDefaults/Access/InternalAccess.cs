using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Platform.ServiceDefaults.Access;

/// <summary>Lets only those in who know the internal key; health alone is open.</summary>
public static class InternalAccess
{
    private const string Bearer = "Bearer ";

    public static IServiceCollection AddInternalKey(this IServiceCollection services)
    {
        services.AddOptions<InternalAccessOptions>().BindConfiguration(InternalAccessOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        return services;
    }

    /// <summary>Stands before routing, so that nobody without the key learns even what is there.</summary>
    /// <param name="header">Where callers show the key.</param>
    public static WebApplication UseInternalAccess(this WebApplication app, string header)
    {
        var expected = Encoding.UTF8.GetBytes(app.Services.GetRequiredService<IOptions<InternalAccessOptions>>().Value.InternalKey);
        app.Use((context, next) => IsOpen(context.Request.Path) || Knows(Shown(context.Request.Headers, header), expected)
            ? next(context)
            : RefuseAsync(context, header));
        return app;
    }

    private static bool IsOpen(PathString path) =>
        path.Equals(Extensions.HealthPath, StringComparison.Ordinal) || path.Equals(Extensions.AlivePath, StringComparison.Ordinal);

    /// <summary>In that header, or as a bearer token, which is all that Prometheus can show.</summary>
    private static string? Shown(IHeaderDictionary headers, string header) => headers[header].ToArray() switch
    {
        [var given] => given,
        [] when headers.Authorization.ToArray() is [{ } token] && token.StartsWith(Bearer, StringComparison.Ordinal) => token[Bearer.Length..],
        _ => null,
    };

    private static bool Knows(string? shown, byte[] expected)
    {
        if (shown is not { Length: > 0 and <= 1024 } given) return false;
        Span<byte> bytes = stackalloc byte[Encoding.UTF8.GetMaxByteCount(given.Length)];
        return CryptographicOperations.FixedTimeEquals(bytes[..Encoding.UTF8.GetBytes(given, bytes)], expected);
    }

    private static Task RefuseAsync(HttpContext context, string header)
    {
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        return context.Response.WriteAsJsonAsync(new { error = $"This process answers only to callers that send the header {header}." });
    }
}
