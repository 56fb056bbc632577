using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Platform.Core.Access;

namespace Platform.Api.Tests.Access;

/// <summary>What a route asks of its callers.</summary>
/// <param name="Role">Who may call; null for anybody with a key.</param>
/// <param name="IsOpen">Nobody needs a key.</param>
/// <param name="Scope">What a key that is limited to models may do: <c>model</c> its own only, <c>none</c> nothing, <c>free</c> all.</param>
internal sealed partial record RouteLine(string Method, string Route, Role? Role, bool IsOpen, string Scope)
{
    /// <summary>A path that the route takes, about the given model.</summary>
    public string PathFor(string model) =>
        Parameter().Replace(Route, match => match.Groups["name"].Value switch { "model" => model, "version" => "1.0.0", _ => "1" });

    public override string ToString() => $"{Method} {Route} {(IsOpen ? "open" : Role?.ToName() ?? "any")} {Scope}";

    [GeneratedRegex(@"\{\**(?<name>\w+)[^}]*\}")]
    private static partial Regex Parameter();
}

/// <summary>routes.txt: every route of the Api with who may call it.</summary>
internal static class RouteTable
{
    public static IReadOnlyList<RouteLine> Read() =>
    [
        .. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Access", "routes.txt"))
            .Where(line => line.Length > 0 && !line.StartsWith('#'))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(words => new RouteLine(
                words[0], words[1], RoleRules.TryParse(words[2], out var role) ? role : null, words[2] == "open", words[3])),
    ];

    /// <summary>Every mapped route as "METHOD route"; a route without a method takes any, GET among them.</summary>
    public static IEnumerable<string> Mapped(EndpointDataSource endpoints) =>
        from endpoint in endpoints.Endpoints.OfType<RouteEndpoint>()
        from method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"]
        select $"{method} {RouteOf(endpoint)}";

    /// <summary>A content type that the route takes; with another, routing refuses before anybody looks at roles.</summary>
    public static string ContentTypeOf(EndpointDataSource endpoints, RouteLine line) =>
        endpoints.Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => RouteOf(endpoint) == line.Route && endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Contains(line.Method) is true)
            .Select(endpoint => endpoint.Metadata.GetMetadata<IAcceptsMetadata>() is { ContentTypes: [var first, ..] } ? first : null)
            .FirstOrDefault() ?? "application/json";

    private static string RouteOf(RouteEndpoint endpoint) => $"/{endpoint.RoutePattern.RawText!.Trim('/')}";
}
