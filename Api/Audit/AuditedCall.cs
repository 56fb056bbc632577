using System.Diagnostics;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using Platform.Api.Conventions;
using Platform.Core.Audit;

namespace Platform.Api.Audit;

/// <summary>What one call on /v1 leaves in the log: gathered on its way in, completed by its answer.</summary>
internal sealed class AuditedCall
{
    private const string V1 = "/v1/";
    private readonly string? traceId = Activity.Current?.TraceId.ToString();
    private AuditedRoute? route;
    private string? resource;
    private bool hidesBody;

    /// <summary>Whether the change was about to be tried, so that it may have happened.</summary>
    public bool WasTried { get; set; }

    /// <summary>Whether the log failed to take the first entry; it is not waited for a second time.</summary>
    public bool IsLost { get; set; }

    /// <summary>Whether the caller was let in by name.</summary>
    public bool IsKnown { get; private set; }

    /// <summary>Whether the route changes nothing of the platform, although it is called as if it did.</summary>
    public bool IsExempt { get; private set; }

    public string? Before { get; set; }

    public string? After { get; set; }

    public HashedBody? Body { get; set; }

    /// <summary>What is asked for and by whom; the exception handler forgets the route, so it is taken down on the way in.</summary>
    public void Describe(HttpContext context, AuditedRoutes routes)
    {
        IsKnown = context.User.Identity?.IsAuthenticated is true;
        if (route is not null) return;
        hidesBody = context.GetEndpoint()?.Metadata.GetMetadata<NoBodyDigest>() is not null;
        IsExempt = context.GetEndpoint()?.Metadata.GetMetadata<NotAudited>() is not null;
        (route, var values) = context.GetEndpoint() is RouteEndpoint endpoint
            ? (routes.Find(endpoint), context.Request.RouteValues)
            : routes.Find(context.Request.Method, context.Request.Path);
        resource = route?.ResourceOf(context.Request.Method, name => values[name]?.ToString());
    }

    /// <summary>The entry that says what is about to be tried.</summary>
    public AuditEntry Asked(HttpContext context) => Entry(context, AuditPhase.Asked) with { Before = Before };

    /// <summary>The entry that says what came of it.</summary>
    public AuditEntry Answered(HttpContext context, int status)
    {
        var headers = context.Response.Headers;
        var isDone = status is >= 200 and < 300;
        return Entry(context, AuditPhase.Answered) with
        {
            // What was created is told by where it is found.
            Resource = isDone && headers.Location is [{ } location] && location.StartsWith(V1, StringComparison.Ordinal)
                ? Uri.UnescapeDataString(location[V1.Length..])
                : resource,
            Status = status,
            Reason = AnswerReason.Of(status),
            BodySha256 = hidesBody ? null : Body?.Digest,
            Before = Before ?? NonEmpty(context.Request.Headers[HeaderNames.IfMatch]),
            After = isDone ? After ?? NonEmpty(headers.ETag) : null,
        };
    }

    /// <summary>An entry with what a call tells of its caller.</summary>
    public static AuditEntry EntryOf(HttpContext context, AuditPhase phase, string action, string? resource) => new(
        Guid.CreateVersion7(), At: default, phase, context.User.Identity?.Name ?? "anonymous", action,
        context.User.FindFirstValue(ClaimTypes.NameIdentifier), resource, AddressOf(context), RequestId: context.TraceIdentifier,
        TraceId: Activity.Current?.TraceId.ToString());

    private AuditEntry Entry(HttpContext context, AuditPhase phase) =>
        EntryOf(context, phase, route?.Action ?? ActionNames.Unknown, resource) with { TraceId = traceId };

    public static string? AddressOf(HttpContext context)
    {
        var address = context.Connection.RemoteIpAddress;
        return (address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address)?.ToString();
    }

    private static string? NonEmpty(Microsoft.Extensions.Primitives.StringValues value) => value is [{ Length: > 0 } text] ? text : null;
}
