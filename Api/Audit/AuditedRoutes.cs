using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Routing.Template;
using Platform.Core.Audit;

namespace Platform.Api.Audit;

/// <summary>A route as the log names it.</summary>
internal sealed record AuditedRoute(string Action, string Pattern, bool IsCollection)
{
    public string ResourceOf(string method, Func<string, string?> value) => ActionNames.ResourceOf(method, Pattern, IsCollection, value);
}

/// <summary>Every route's name in the log, worked out once.</summary>
internal sealed class AuditedRoutes(EndpointDataSource endpoints)
{
    private readonly ConditionalWeakTable<RouteEndpoint, AuditedRoute> known = [];
    private HashSet<string>? collections;

    public AuditedRoute Find(RouteEndpoint endpoint) => known.GetValue(endpoint, Describe);

    /// <summary>The route that was meant where another reason than its path kept a call from it, such as a wrong content type.</summary>
    public (AuditedRoute? Route, RouteValueDictionary Values) Find(string method, PathString path)
    {
        foreach (var endpoint in endpoints.Endpoints.OfType<RouteEndpoint>())
        {
            if (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains(method) is not true) continue;
            var values = new RouteValueDictionary();
            if (new TemplateMatcher(new RouteTemplate(endpoint.RoutePattern), []).TryMatch(path, values)) return (Find(endpoint), values);
        }

        return (null, []);
    }

    private AuditedRoute Describe(RouteEndpoint endpoint)
    {
        // A collection is what has single things below it: /v1/models has /v1/models/{model}.
        collections ??= [.. endpoints.Endpoints.OfType<RouteEndpoint>().Select(other => Text(other)).Where(text => text.EndsWith('}')).Select(Parent)];
        var pattern = Text(endpoint);
        var isCollection = collections.Contains(pattern);
        var method = endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods is [var first, ..] ? first : "";
        return new(ActionNames.Of(method, pattern, isCollection), pattern, isCollection);
    }

    private static string Text(RouteEndpoint endpoint) => (endpoint.RoutePattern.RawText ?? "").TrimEnd('/');

    private static string Parent(string pattern) => pattern[..pattern.LastIndexOf('/')];
}
