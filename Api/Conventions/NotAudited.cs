namespace Platform.Api.Conventions;

/// <summary>On a route under /v1 that is called with POST and changes nothing of the platform: data, or a question.</summary>
/// <param name="Why">What makes it no change.</param>
internal sealed record NotAudited(string Why);

/// <summary>On a route whose body is short enough to be guessed and names a person: no digest of it goes into the audit log.</summary>
internal sealed record NoBodyDigest;

internal static class NotAuditedRoutes
{
    /// <summary>Keeps calls of the route out of the audit log, all but those refused for want of a key or role.</summary>
    public static TBuilder WithoutAudit<TBuilder>(this TBuilder route, string why)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new NotAudited(why));

    /// <summary>Keeps the digest of the body out of the audit log: a guess could be held against it.</summary>
    public static TBuilder WithoutBodyDigest<TBuilder>(this TBuilder route)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new NoBodyDigest());
}
