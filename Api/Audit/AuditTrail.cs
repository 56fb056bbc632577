using Microsoft.Extensions.Options;
using Platform.Api.Conventions;
using Platform.Contracts;
using Platform.Core.Audit;
using Platform.SharedState;

namespace Platform.Api.Audit;

/// <summary>
/// Every change asked for on /v1 is in the log before it is answered. What may change something has an entry before it
/// is tried and one before its answer leaves; what was refused on the way in has the second alone. A change without an
/// entry is thus impossible, and one whose end is missing can be seen.
/// </summary>
internal static class AuditTrail
{
    /// <summary>Outside of everything that makes answers, so that it sees the last word.</summary>
    public static IApplicationBuilder UseAuditTrail(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        if (IsChange(context.Request)) await RecordAsync(context, next);
        else
        {
            await next(context);
            await RecordKeptOutAsync(context);
        }
    });

    /// <summary>After authorization: from here on something may change.</summary>
    public static IApplicationBuilder UseAuditIntents(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        if (context.Features.Get<AuditedCall>() is not { } call)
        {
            await next(context);
            return;
        }

        var services = context.RequestServices;
        call.Describe(context, services.GetRequiredService<AuditedRoutes>());
        // Where there is no route nothing can change, and the answer alone is recorded.
        if (context.GetEndpoint() is not RouteEndpoint || call.IsExempt)
        {
            await next(context);
            return;
        }

        if (!services.GetRequiredService<RedisHealth>().IsUp)
        {
            await Errors.WriteAsync(context, 503, "The platform's state store does not answer, so the change could not be recorded and was not tried. Try again.");
            return;
        }

        var digests = services.GetRequiredService<ResourceDigests>();
        call.Before = await digests.TakeAsync(context);
        try
        {
            await services.GetRequiredService<AuditWriter>().WriteAsync(call.Asked(context));
        }
        catch (ControlPlaneUnavailableException)
        {
            call.IsLost = true;
            return;
        }

        call.WasTried = true;
        await next(context);
        if (context.Response.StatusCode is >= 200 and < 300) call.After = await digests.TakeAsync(context);
    });

    /// <summary>Of what is no change on REST: who could not sign in is counted, and who was kept from a change over gRPC has an entry.</summary>
    private static async Task RecordKeptOutAsync(HttpContext context)
    {
        var status = RpcStatus.Of(context.Response);
        if (status is not (StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden)) return;
        var services = context.RequestServices;
        var counts = services.GetRequiredService<Counts>();
        if (status == StatusCodes.Status401Unauthorized) counts.Add(Counts.SignInFailed, AuditedCall.AddressOf(context));
        // One that came as far as the call itself was recorded there, and its answer has begun.
        if (context.Response.HasStarted || AuditedRpcs.ActionOf(context.Request.Path) is not { } action) return;
        if (status == StatusCodes.Status401Unauthorized && !counts.TryTakeEntry()) return;
        try
        {
            await services.GetRequiredService<AuditWriter>().WriteAsync(
                AuditedCall.EntryOf(context, AuditPhase.Answered, action, "repository/models") with { Status = status, Reason = AnswerReason.Of(status) });
        }
        catch (ControlPlaneUnavailableException)
        {
            counts.Add(Counts.NotRecorded, AuditedCall.AddressOf(context));
            RpcStatus.Replace(context.Response, Grpc.Core.StatusCode.Unavailable, "The change could not be recorded in the audit log, so it was not tried. Try again.");
        }
    }

    private static bool IsChange(HttpRequest request) =>
        // A V2 client loads and unloads models, which deploys them here.
        (request.Path.StartsWithSegments("/v1") || request.Path.StartsWithSegments("/v2/repository"))
        && !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method) && !HttpMethods.IsOptions(request.Method);

    private static async Task RecordAsync(HttpContext context, RequestDelegate next)
    {
        var services = context.RequestServices;
        var (call, wire) = (new AuditedCall(), context.Response.Body);
        var answer = new HeldAnswer(wire, services.GetRequiredService<IOptions<TrailOptions>>().Value.HeldBytes, () => WriteAsync(context, call));
        call.Body = new HashedBody(context.Request.Body, context.Request.ContentLength);
        context.Response.RegisterForDispose(call.Body);
        (context.Request.Body, context.Response.Body) = (call.Body, answer);
        context.Features.Set(call);
        try
        {
            try
            {
                await next(context);
            }
            finally
            {
                context.Response.Body = wire;
            }

            // Not the caller's token: the entry is written whether or not somebody waits for the answer.
            await answer.ReleaseAsync(CancellationToken.None);
        }
        catch (ControlPlaneUnavailableException) when (!answer.IsReleased)
        {
            services.GetRequiredService<Counts>().Add(Counts.NotRecorded, AuditedCall.AddressOf(context));
            await RefuseAsync(context, call);
        }
    }

    private static async Task WriteAsync(HttpContext context, AuditedCall call)
    {
        var services = context.RequestServices;
        call.Describe(context, services.GetRequiredService<AuditedRoutes>());
        var status = context.Response.StatusCode;
        // The answer of a call that was let in is not a matter of the log; that one was not, is.
        if (call.IsExempt && status is not (StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden)) return;
        if (!call.IsKnown)
        {
            var counts = services.GetRequiredService<Counts>();
            if (status == StatusCodes.Status401Unauthorized) counts.Add(Counts.SignInFailed, AuditedCall.AddressOf(context));
            if (!counts.TryTakeEntry()) return;
        }

        // What could not be tried because the store is away cannot be recorded either; waiting would not help.
        if (call.IsLost) throw new ControlPlaneUnavailableException("The log did not take the first entry.");
        if (!call.WasTried && !services.GetRequiredService<RedisHealth>().IsUp) throw new ControlPlaneUnavailableException("The store does not answer.");
        await services.GetRequiredService<AuditWriter>().WriteAsync(call.Answered(context, status));
    }

    private static Task RefuseAsync(HttpContext context, AuditedCall call)
    {
        context.Response.Clear();
        context.Response.Headers[RequestIds.Header] = context.TraceIdentifier;
        return Errors.WriteAsync(context, 503, call.WasTried
            ? "What came of the change could not be recorded in the audit log, so it is not confirmed; the log has that it was tried. Look before you repeat it."
            : "The change could not be recorded in the audit log, so it was not tried. Try again.");
    }
}
