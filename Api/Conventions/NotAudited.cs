namespace Platform.Api.Conventions;

/// <summary>On a route under /v1 that is called with POST and changes nothing of the platform: data, or a question.</summary>
/// <param name="Why">What makes it no change.</param>
internal sealed record NotAudited(string Why);

internal static class NotAuditedRoutes
{
    /// <summary>Keeps calls of the route out of the audit log, all but those refused for want of a key or role.</summary>
    public static TBuilder WithoutAudit<TBuilder>(this TBuilder route, string why)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new NotAudited(why));
}
