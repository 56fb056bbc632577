using Scalar.AspNetCore;

namespace Platform.Api.Docs;

internal static class DocsEndpoints
{
    public static IServiceCollection AddDocs(this IServiceCollection services) => services.AddOpenApi();

    /// <summary>
    /// The contract as OpenAPI and as a page. It is what anyone can read in the repository, yet a production front door
    /// shows strangers nothing: without a key it is open in development only.
    /// </summary>
    public static void MapDocs(this WebApplication app)
    {
        var openApi = app.MapOpenApi("/openapi/{documentName}.json");
        var page = app.MapScalarApiReference("/docs", options => options.WithTitle("Platform").WithOpenApiRoutePattern("/openapi/{documentName}.json"));
        var home = app.MapGet("/", () => Results.Redirect("/docs")).ExcludeFromDescription();
        if (!app.Environment.IsDevelopment()) return;
        openApi.AllowAnonymous();
        page.AllowAnonymous();
        home.AllowAnonymous();
    }
}
