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

    /// <summary>Clients say application/octet-stream, application/json or nothing of what is both; none is turned away for it.</summary>
    public const string AnyContentType = "*/*";
    private static readonly string[] Readable = ["gzip", "deflate", "identity"];

    public static RouteGroupBuilder MapInference(this RouteGroupBuilder v2)
    {
        var group = v2.MapGroup("").WithTags("Inference").RequireAuthorization(Roles.Inference);
        group.MapPost("/models/{model}/infer", (string model, HttpContext context, InferencePath path, IOptions<InferenceOptions> options) =>
            InferAsync(model, null, context, path, options.Value)).Accepts<object>("application/json", AnyContentType).Produces(200);
        group.MapPost("/models/{model}/versions/{version}/infer",
            (string model, string version, HttpContext context, InferencePath path, ServedModels models, IOptions<InferenceOptions> options) =>
                InferAsync(model, models.Resolve(model, version), context, path, options.Value)).Accepts<object>("application/json", AnyContentType).Produces(200);
        return v2;
    }

    private static async Task InferAsync(string model, string? version, HttpContext context, InferencePath path, InferenceOptions options)
    {
        if (Value(context.Request.Headers, "Content-Encoding") is { } encoding && !Readable.Contains(encoding))
        {
            context.Response.Headers.AcceptEncoding = "gzip, deflate";
            await Errors.WriteAsync(context, 415, $"Content-Encoding '{encoding}' is not supported; use gzip, deflate or none.");
            return;
        }

        context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = options.MaxRequestBytes;
        using var body = RequestBody.TryTake(context.Request, options.MaxRequestBytes) ?? await ReadBodyAsync(context, options);
        var answer = await path.AskAsync(ToCall(model, version, context, body), context.RequestAborted);
        SetWho(context.Response.Headers, answer);
        if (answer.Error is { } error) await Errors.WriteAsync(context, answer.Status, error);
        else await WriteAsync(answer, context, options, context.RequestAborted);
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

    private static async Task WriteAsync(InferenceAnswer answer, HttpContext context, InferenceOptions options, CancellationToken cancellation)
    {
        var response = context.Response;
        response.StatusCode = answer.Status;
        response.ContentType = answer.ContentType;
        var headers = response.Headers;
        Set(headers, HeaderLength, answer.HeaderLength);
        Set(headers, "Retry-After", answer.RetryAfter);
        Set(headers, WorkerProtocol.QueueMicrosecondsHeader, Text(answer.Figures.QueueMicroseconds));
        Set(headers, WorkerProtocol.ComputeMicrosecondsHeader, Text(answer.Figures.ComputeMicroseconds));
        Set(headers, WorkerProtocol.BatchSizeHeader, Text(answer.Figures.BatchSize));
        if (answer.Body.Length >= options.MinCompressedBytes && AnswerEncoding.Choose(context.Request) is { } encoding)
        {
            await AnswerEncoding.WriteAsync(response, encoding, answer.Body, cancellation);
            return;
        }

        response.ContentLength = answer.Body.Length;
        await response.Body.WriteAsync(answer.Body, cancellation);
    }

    /// <summary>Whoever answered, or was to answer when the front door had to refuse.</summary>
    private static void SetWho(IHeaderDictionary headers, InferenceAnswer answer)
    {
        if (answer.Version.Length > 0) headers["X-Model-Version"] = answer.Version;
        if (answer.Route.Length > 0) headers["X-Route"] = answer.Route;
        if (answer.Worker.Length > 0) headers["X-Worker-Id"] = answer.Worker;
    }

    private static void Set(IHeaderDictionary headers, string name, string? value)
    {
        if (value is not null) headers[name] = value;
    }

    private static string? Text(long? number) => number?.ToString(CultureInfo.InvariantCulture);
}
