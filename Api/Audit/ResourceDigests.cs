using System.Security.Cryptography;
using System.Text.Json;
using Orleans.Runtime;
using Platform.Contracts;
using Platform.Contracts.Models;
using Platform.Core;

namespace Platform.Api.Audit;

/// <summary>What a model or version is, as a digest, so that the log says that it changed without saying what stands in it.</summary>
internal sealed class ResourceDigests(IClusterClient cluster)
{
    /// <summary>SHA-256 over the JSON of the version, or the model, that the route names; null if it names none, or none that is there.</summary>
    public async Task<string?> TakeAsync(HttpContext context)
    {
        if (context.Request.RouteValues["model"]?.ToString() is not { Length: > 0 } name) return null;
        var model = cluster.GetGrain<IModelGrain>(name);
        try
        {
            return context.Request.RouteValues["version"]?.ToString() is { } version
                ? Digest((await model.GetVersionAsync(version)).Value)
                : Digest((await model.GetAsync()).Value);
        }
        catch (Exception e) when (e is ControlPlaneUnavailableException or OrleansException or TimeoutException)
        {
            // The change itself is told the same and says so; the entry goes without.
            return null;
        }
    }

    private static string? Digest<T>(T? resource)
        where T : class =>
        resource is null ? null : "sha256:" + Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(resource, PlatformJson.Options)));
}
