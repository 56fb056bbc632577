using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Platform.Api.Access;
using Platform.Api.Conventions;

namespace Platform.Api.Inference;

internal static class InferenceEndpoints
{
    public static RouteGroupBuilder MapInference(this RouteGroupBuilder v2)
    {
        var group = v2.MapGroup("").WithTags("Inference").RequireAuthorization(Roles.Inference);
        group.MapPost("/models/{model}/infer", (string model, HttpContext context, Forwarder forwarder, IOptions<InferenceOptions> options) =>
            InferAsync(model, null, context, forwarder, options.Value)).Accepts<object>("application/json").Produces(200);
        group.MapPost("/models/{model}/versions/{version}/infer",
            (string model, string version, HttpContext context, Forwarder forwarder, IOptions<InferenceOptions> options) =>
                InferAsync(model, version, context, forwarder, options.Value)).Accepts<object>("application/json").Produces(200);
        return v2;
    }

    private static async Task InferAsync(
        string model, string? version, HttpContext context, Forwarder forwarder, InferenceOptions options)
    {
        context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = options.MaxRequestBytes;
        using var body = await RequestBody.ReadAsync(context.Request, options.MaxRequestBytes, context.RequestAborted);
        using var answer = await forwarder.AskAsync(model, version, context.Request, body, context.RequestAborted);
        if (answer.Error is { } error)
        {
            await Errors.WriteAsync(context, answer.Status, error);
            return;
        }

        await answer.CopyToAsync(context.Response, context.RequestAborted);
    }
}
