using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Projects;

/// <summary>What a project gets when it is started on this machine.</summary>
internal static class RunDefaults
{
    public static IResourceBuilder<ProjectResource> WithRunDefaults(this IResourceBuilder<ProjectResource> project, LaunchProfile? profile)
    {
        project.WithEnvironment("OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY", "in_memory");
        if (project.ApplicationBuilder.Environment.IsDevelopment())
        {
            project.WithEnvironment("OTEL_DOTNET_EXPERIMENTAL_ASPNETCORE_DISABLE_URL_QUERY_REDACTION", "true");
            project.WithEnvironment("OTEL_DOTNET_EXPERIMENTAL_HTTPCLIENT_DISABLE_URL_QUERY_REDACTION", "true");
        }

        project.WithEnvironment(context => Telemetry.Add(context, project.ApplicationBuilder));
        project.WithEnvironment("DOTNET_SYSTEM_CONSOLE_ALLOW_ANSI_COLOR_REDIRECTION", "true");
        project.WithEnvironment("LOGGING__CONSOLE__FORMATTERNAME", "simple");
        project.WithEnvironment(context => AddUrls(context, project.Resource));
        if (profile is null) return project;

        AddEndpoints(project, profile.ApplicationUrl ?? "");
        return project.WithEnvironment(context =>
        {
            context.EnvironmentVariables.TryAdd("DOTNET_LAUNCH_PROFILE", profile.Name);
            foreach (var (name, value) in profile.Variables) context.EnvironmentVariables.TryAdd(name, value);
        });
    }

    /// <summary>Endpoints whose port goes into a variable of its own are the project's to listen on.</summary>
    internal static bool IsInUrls(EndpointAnnotation endpoint) => endpoint.IsHttp && endpoint.TargetPortEnvironmentVariable is null;

    private static void AddUrls(EnvironmentCallbackContext context, ProjectResource project)
    {
        if (context.EnvironmentVariables.ContainsKey("ASPNETCORE_URLS")) return;
        var urls = new ReferenceExpressionBuilder();
        foreach (var endpoint in project.GetEndpoints().Where(e => IsInUrls(e.EndpointAnnotation)))
        {
            if (!urls.IsEmpty) urls.AppendLiteral(";");
            if (endpoint.IsHttps) context.EnvironmentVariables.TryAdd("ASPNETCORE_HTTPS_PORT", endpoint.Property(EndpointProperty.Port));
            urls.AppendLiteral($"{endpoint.Scheme}://{endpoint.EndpointAnnotation.TargetHost}:");
            urls.AppendValue(endpoint.Property(EndpointProperty.TargetPort));
        }

        if (!urls.IsEmpty) context.EnvironmentVariables["ASPNETCORE_URLS"] = urls.Build();
    }

    private static void AddEndpoints(IResourceBuilder<ProjectResource> project, string applicationUrl)
    {
        var counts = new Dictionary<string, int>();
        foreach (var url in applicationUrl.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var uri = new Uri(url, UriKind.Absolute);
            var count = counts[uri.Scheme] = counts.GetValueOrDefault(uri.Scheme) + 1;
            project.WithEndpoint(count == 1 ? uri.Scheme : $"{uri.Scheme}{count}", endpoint =>
            {
                endpoint.Port = uri.Port;
                endpoint.UriScheme = uri.Scheme;
                endpoint.TargetHost = uri.IsLoopback ? "localhost" : uri.Host;
                endpoint.FromLaunchProfile = true;
            });
        }
    }
}
