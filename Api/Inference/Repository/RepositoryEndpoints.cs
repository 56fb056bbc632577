using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Platform.Api.Access;
using Platform.Api.Conventions;
using Platform.Core;

namespace Platform.Api.Inference.Repository;

/// <param name="Ready">Only what is ready to answer.</param>
public sealed record RepositoryIndexRequest(bool Ready = false);

/// <param name="Parameters">For a load: <c>version</c>. For an unload: <c>unload_dependents</c>.</param>
public sealed record RepositoryChangeRequest(Dictionary<string, JsonElement>? Parameters = null);

/// <summary>The model repository extension.</summary>
internal static class RepositoryEndpoints
{
    private const int MaxBodyBytes = 1 << 20;

    public static RouteGroupBuilder MapRepository(this RouteGroupBuilder v2)
    {
        var group = v2.MapGroup("/repository").RequireControlPlane().WithTags("Inference");
        // Names and states only; whoever has any key may see them.
        group.MapPost("/index", Index).RequireAuthorization().WithoutAudit("It only reads.")
            .Accepts<RepositoryIndexRequest>(isOptional: true, "application/json", InferenceEndpoints.AnyContentType).Produces(200);
        group.MapPost("/models/{model}/load", Load).RequireAuthorization(Roles.Operator)
            .Accepts<RepositoryChangeRequest>(isOptional: true, "application/json", InferenceEndpoints.AnyContentType).Produces(200);
        group.MapPost("/models/{model}/unload", Unload).RequireAuthorization(Roles.Operator)
            .Accepts<RepositoryChangeRequest>(isOptional: true, "application/json", InferenceEndpoints.AnyContentType).Produces(200);
        foreach (var change in (string[])["load", "unload"])
            group.MapPost("/{repository}/models/{model}/" + change, OfAnother).RequireAuthorization(Roles.Operator).ExcludeFromDescription();
        return v2;
    }

    private static async Task<IResult> Index(HttpRequest http, RepositoryIndex index)
    {
        var (request, refusal) = await ReadAsync<RepositoryIndexRequest>(http);
        if (refusal is not null) return refusal.ToResult();
        var listed = await index.ListAsync(request?.Ready ?? false, http.HttpContext.User);
        // The list's rows leave out what is empty, by which clients know a model that was never loaded.
        return Results.Ok(listed.Models.Select(row => new RepositoryRow(row.Name, Text(row.Version), Text(row.State), Text(row.Reason))));
    }

    private static async Task<IResult> Load(string model, HttpRequest http, RepositoryControl control, CancellationToken cancellation)
    {
        var (request, refusal) = await ReadAsync<RepositoryChangeRequest>(http);
        var parameters = (request?.Parameters ?? []).Select(parameter => KeyValuePair.Create(
            parameter.Key, parameter.Value.ValueKind is JsonValueKind.String ? parameter.Value.GetString() : null));
        string? version = null;
        refusal ??= LoadParameters.RefuseLoad(parameters, out version);
        refusal ??= await control.LoadAsync(model, version, http.HttpContext.User.ActorName(), cancellation);
        return refusal?.ToResult() ?? Results.Ok();
    }

    private static async Task<IResult> Unload(string model, HttpRequest http, RepositoryControl control, CancellationToken cancellation)
    {
        var (request, refusal) = await ReadAsync<RepositoryChangeRequest>(http);
        refusal ??= LoadParameters.RefuseUnload(request?.Parameters?.Keys ?? Enumerable.Empty<string>());
        refusal ??= await control.UnloadAsync(model, http.HttpContext.User.ActorName(), cancellation);
        return refusal?.ToResult() ?? Results.Ok();
    }

    private static IResult OfAnother(string repository) =>
        new V2Refusal(501, $"There is one repository, so '{repository}' cannot be named. Use /v2/repository/models/….").ToResult();

    /// <summary>Clients send a body without saying that it is JSON, or none at all.</summary>
    private static async Task<(T? Body, V2Refusal? Refusal)> ReadAsync<T>(HttpRequest http)
        where T : class
    {
        http.HttpContext.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = MaxBodyBytes;
        using var body = new MemoryStream();
        await http.Body.CopyToAsync(body, http.HttpContext.RequestAborted);
        if (body.Length == 0) return (null, null);
        try
        {
            return (JsonSerializer.Deserialize<T>(body.GetBuffer().AsSpan(0, (int)body.Length), PlatformJson.Options), null);
        }
        catch (JsonException e)
        {
            return (null, new V2Refusal(400, $"failed to parse the request JSON buffer: {e.Message}"));
        }
    }

    private static string? Text(string value) => value.Length == 0 ? null : value;

    internal sealed record RepositoryRow(string Name, string? Version, string? State, string? Reason);
}
