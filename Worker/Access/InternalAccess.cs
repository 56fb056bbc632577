using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Platform.SharedState.Workers;
using Platform.Worker.Serving;

namespace Platform.Worker.Access;

/// <summary>Lets only those in who know the internal key; health alone is open.</summary>
internal static class InternalAccess
{
    private const string Bearer = "Bearer ";
    private const int MaxKeyLength = 1_024;

    public static IServiceCollection AddInternalAccess(this IServiceCollection services)
    {
        services.AddOptions<AccessOptions>().BindConfiguration(AccessOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        return services;
    }

    public static WebApplication UseInternalAccess(this WebApplication app)
    {
        var expected = Encoding.UTF8.GetBytes(app.Services.GetRequiredService<IOptions<AccessOptions>>().Value.InternalKey);
        app.Use((context, next) => IsOpen(context.Request.Path) || Knows(context.Request, expected)
            ? next(context)
            : ErrorBody.WriteAsync(
                context, StatusCodes.Status401Unauthorized, "Workers answer only to callers that send the header "
                    + $"{WorkerProtocol.KeyHeader}."));
        return app;
    }

    private static bool IsOpen(PathString path) =>
        path.Equals(Extensions.HealthPath, StringComparison.Ordinal) || path.Equals(Extensions.AlivePath, StringComparison.Ordinal);

    private static bool Knows(HttpRequest request, byte[] expected)
    {
        // Prometheus shows a key as a bearer token only.
        var given = request.Headers[WorkerProtocol.KeyHeader].ToString();
        if (given.Length == 0 && request.Headers.Authorization.ToString() is { } shown && shown.StartsWith(Bearer, StringComparison.Ordinal))
            given = shown[Bearer.Length..];
        if (given.Length is 0 or > MaxKeyLength) return false;
        Span<byte> bytes = stackalloc byte[Encoding.UTF8.GetMaxByteCount(given.Length)];
        return CryptographicOperations.FixedTimeEquals(bytes[..Encoding.UTF8.GetBytes(given, bytes)], expected);
    }
}
