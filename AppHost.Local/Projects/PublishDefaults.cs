using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Projects;

/// <summary>What a project is published with.</summary>
internal static class PublishDefaults
{
    public static IResourceBuilder<ProjectResource> WithPublishDefaults(this IResourceBuilder<ProjectResource> project, LaunchProfile? profile)
    {
        project.WithEnvironment("OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY", "in_memory");
        project.WithEnvironment(context =>
        {
            if (project.Resource.EndpointAnnotations().Count > 0) context.EnvironmentVariables["ASPNETCORE_FORWARDEDHEADERS_ENABLED"] = "true";
        });
        project.WithEnvironment(context =>
        {
            AddPorts(context, project.Resource, "HTTP_PORTS", "http");
            AddPorts(context, project.Resource, "HTTPS_PORTS", "https");
        });

        // Without an address in its launch profile it is no web project and gets no endpoints by itself.
        if (profile?.ApplicationUrl is null) return project;
        project.WithEndpoint("http", endpoint => endpoint.UriScheme = "http");
        return project.WithEndpoint("https", endpoint =>
        {
            endpoint.UriScheme = "https";
            project.Resource.DefaultHttpsEndpoint = endpoint;
        });
    }

    private static void AddPorts(EnvironmentCallbackContext context, ProjectResource project, string variable, string scheme)
    {
        if (context.EnvironmentVariables.ContainsKey(variable)) return;
        var ports = new ReferenceExpressionBuilder();
        foreach (var endpoint in project.GetEndpoints())
        {
            var annotation = endpoint.EndpointAnnotation;
            // A container is not set up to listen on https, so the endpoint that publishing added itself is left out.
            if (annotation.UriScheme != scheme || annotation == project.DefaultHttpsEndpoint || !RunDefaults.IsInUrls(annotation)) continue;
            if (!ports.IsEmpty) ports.AppendLiteral(";");
            ports.AppendValue(endpoint.Property(EndpointProperty.TargetPort));
        }

        if (!ports.IsEmpty) context.EnvironmentVariables[variable] = ports.Build();
    }
}
