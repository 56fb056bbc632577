using System.Globalization;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Platform.Api.Access;
using Platform.Api.Conventions;
using Platform.Api.Serving;
using Platform.SharedState.Workers;

namespace Platform.Api.Inference;

internal static class InferenceEndpoints
{
    private const string HeaderLength = "Inference-Header-Content-Length";
    private const string RoutingKey = "X-Routing-Key";

    public static RouteGroupBuilder MapInference(this RouteGroupBuilder v2)
    {
        var group = v2.MapGroup("").WithTags("Inference").RequireAuthorization(Roles.Inference);
        group.MapPost("/models/{model}/infer", (string model, HttpContext context, InferencePath path, IOptions<InferenceOptions> options) =>
            InferAsync(model, null, context, path, options.Value)).Accepts<object>("application/json").Produces(200);
        group.MapPost("/models/{model}/versions/{version}/infer",
            (string model, string version, HttpContext context, InferencePath path, IOptions<InferenceOptions> options) =>
                InferAsync(model, version, context, path, options.Value)).Accepts<object>("application/json").Produces(200);
        return v2;
    }

    private static async Task InferAsync(string model, string? version, HttpContext context, InferencePath path, InferenceOptions options)
    {
        context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = options.MaxRequestBytes;
        using var body = await ReadBodyAsync(context, options);
        var answer = await path.AskAsync(ToCall(model, version, context, body), context.RequestAborted);
        if (answer.Error is { } error) await Errors.WriteAsync(context, answer.Status, error);
        else await WriteAsync(answer, context.Response, context.RequestAborted);
    }

    /// <exception cref="BadHttpRequestException">408: the body took too long to arrive.</exception>
    private static async Task<RequestBody> ReadBodyAsync(HttpContext context, InferenceOptions options)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        limit.CancelAfter(options.MaxBodyTime);
        try
        {
            return await RequestBody.ReadAsync(context.Request, options.MaxRequestBytes, limit.Token);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            throw new BadHttpRequestException($"The body took longer than {options.MaxBodyTime.TotalSeconds:0} s to arrive.", StatusCodes.Status408RequestTimeout);
        }
    }

    private static InferenceCall ToCall(string model, string? version, HttpContext context, RequestBody body)
    {
        var headers = context.Request.Headers;
        return new()
        {
            Model = model,
            Version = version,
            RequestId = context.TraceIdentifier,
            RoutingKey = Value(headers, RoutingKey),
            Header = name => Value(headers, name),
            Caller = context.User,
            IsAdmitted = true,
            Body = body.Bytes,
            ContentType = context.Request.ContentType,
            ContentEncoding = Value(headers, "Content-Encoding"),
            HeaderLength = Value(headers, HeaderLength),
        };
    }

    private static string? Value(IHeaderDictionary headers, string name) => headers[name] is [{ Length: > 0 } value] ? value : null;

    private static async Task WriteAsync(InferenceAnswer answer, HttpResponse response, CancellationToken cancellation)
    {
        response.StatusCode = answer.Status;
        response.ContentType = answer.ContentType;
        response.ContentLength = answer.Body.Length;
        var headers = response.Headers;
        Set(headers, HeaderLength, answer.HeaderLength);
        Set(headers, "Retry-After", answer.RetryAfter);
        Set(headers, WorkerProtocol.QueueMicrosecondsHeader, Text(answer.Figures.QueueMicroseconds));
        Set(headers, WorkerProtocol.ComputeMicrosecondsHeader, Text(answer.Figures.ComputeMicroseconds));
        Set(headers, WorkerProtocol.BatchSizeHeader, Text(answer.Figures.BatchSize));
        headers["X-Model-Version"] = answer.Version;
        headers["X-Route"] = answer.Route;
        headers["X-Worker-Id"] = answer.Worker;
        await response.Body.WriteAsync(answer.Body, cancellation);
    }

    private static void Set(IHeaderDictionary headers, string name, string? value)
    {
        if (value is not null) headers[name] = value;
    }

    private static string? Text(long? number) => number?.ToString(CultureInfo.InvariantCulture);
}
