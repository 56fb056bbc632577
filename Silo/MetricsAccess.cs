using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Platform.ServiceDefaults;
using Platform.Silo.Validations;

namespace Platform.Silo;

/// <summary>A silo answers nobody but its own kind; Prometheus shows the internal key as a bearer token.</summary>
internal static class MetricsAccess
{
    private const string Bearer = "Bearer ";

    public static WebApplication UseInternalKeyForMetrics(this WebApplication app)
    {
        var expected = Digest(app.Services.GetRequiredService<IOptions<AccessOptions>>().Value.InternalKey);
        app.UseWhen(context => context.Request.Path.StartsWithSegments(Telemetry.MetricsPath), metrics => metrics.Use((context, next) =>
        {
            var shown = context.Request.Headers.Authorization.ToString();
            if (shown.StartsWith(Bearer, StringComparison.Ordinal)
                && CryptographicOperations.FixedTimeEquals(Digest(shown[Bearer.Length..]), expected)) return next(context);
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            context.Response.Headers.WWWAuthenticate = "Bearer";
            return Task.CompletedTask;
        }));
        return app;
    }

    private static byte[] Digest(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
