using System.Security.Cryptography;
using System.Text;
using Microsoft.Net.Http.Headers;
using Platform.Api.Access;
using Platform.SharedState;
using Platform.SharedState.Idempotency;

namespace Platform.Api.Conventions;

/// <summary>Marks a POST that creates something and so takes an <c>Idempotency-Key</c>.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class IdempotentAttribute : Attribute;

/// <summary>The same key with the same body within a day gets the first answer again.</summary>
internal static class Idempotency
{
    private const string Header = "Idempotency-Key";
    private const int MaxKeyLength = 255;
    private const int MaxBodyBytes = 1 << 20;

    public static IApplicationBuilder UseIdempotency(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        var key = context.Request.Headers[Header].ToString();
        if (key.Length == 0 || context.GetEndpoint()?.Metadata.GetMetadata<IdempotentAttribute>() is null) await next(context);
        else await AnswerOnceAsync(context, key, next);
    });

    private static async Task AnswerOnceAsync(HttpContext context, string key, RequestDelegate next)
    {
        var services = context.RequestServices;
        // The route's own gate says the same, but only after this has waited for Redis in vain.
        if (!services.GetRequiredService<RedisHealth>().IsUp)
        {
            await Errors.WriteAsync(context, 503, "The platform's state store does not answer. Try again.");
            return;
        }

        if (key.Length > MaxKeyLength)
        {
            await Errors.WriteAsync(context, 400, $"An Idempotency-Key has at most {MaxKeyLength} characters.", Header);
            return;
        }

        var store = services.GetRequiredService<IdempotencyStore>();
        if (await DigestBodyAsync(context.Request, context.RequestAborted) is not { } body)
        {
            await Errors.WriteAsync(context, 413, $"With an Idempotency-Key a body has at most {MaxBodyBytes} bytes. Send what is larger by itself, without the key.", Header);
            return;
        }

        var id = Digest($"{context.User.CallerId()}\n{context.Request.Path}\n{key}");
        RememberedAnswer? known;
        try
        {
            known = await store.ClaimAsync(id, body);
        }
        catch (InvalidDataException)
        {
            await Errors.WriteAsync(context, 409, "The answer to this Idempotency-Key was kept under a platform key that is not here any more. What it did stands; use a new key for a new request.", Header);
            return;
        }

        if (known is not null) await RepeatAsync(context, known, body);
        else await AnswerAndRememberAsync(context, store, id, body, next);
    }

    /// <summary>Null when the body is too large to be kept for its second reading.</summary>
    private static async Task<string?> DigestBodyAsync(HttpRequest request, CancellationToken cancellation)
    {
        request.EnableBuffering(MaxBodyBytes, MaxBodyBytes);
        if (request.ContentLength > MaxBodyBytes) return null;
        try
        {
            var digest = await SHA256.HashDataAsync(request.Body, cancellation);
            request.Body.Position = 0;
            return Convert.ToHexStringLower(digest);
        }
        catch (IOException e) when (e is not BadHttpRequestException)
        {
            return null;
        }
    }

    private static async Task RepeatAsync(HttpContext context, RememberedAnswer known, string body)
    {
        if (known.BodySha256 != body)
        {
            await Errors.WriteAsync(context, 422, "This Idempotency-Key came with another body before. Use a new key for a new request.", Header);
            return;
        }

        if (known.Status == 0)
        {
            await Errors.WriteAsync(context, 409, "The first request with this Idempotency-Key is still being worked on.", Header);
            return;
        }

        context.Response.StatusCode = known.Status;
        context.Response.ContentType = known.ContentType;
        if (known.Location is not null) context.Response.Headers.Location = known.Location;
        if (known.Etag is not null) context.Response.Headers.ETag = known.Etag;
        await context.Response.Body.WriteAsync(known.Body);
    }

    private static async Task AnswerAndRememberAsync(
        HttpContext context, IdempotencyStore store, string id, string body, RequestDelegate next)
    {
        var wire = context.Response.Body;
        using var answer = new MemoryStream();
        context.Response.Body = answer;
        try
        {
            await next(context);
        }
        catch
        {
            await store.ForgetAsync(id);
            throw;
        }
        finally
        {
            context.Response.Body = wire;
        }

        var response = context.Response;
        // A success is an answer for good; a refusal may turn out otherwise once its cause is mended.
        if (response.StatusCode < 300)
        {
            await store.RememberAsync(id, new RememberedAnswer(
                body, response.StatusCode, response.ContentType, response.Headers[HeaderNames.Location],
                response.Headers[HeaderNames.ETag], answer.ToArray()));
        }
        else
        {
            await store.ForgetAsync(id);
        }

        answer.Position = 0;
        await answer.CopyToAsync(wire, context.RequestAborted);
    }

    private static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
