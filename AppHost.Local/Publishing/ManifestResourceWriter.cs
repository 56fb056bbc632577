using System.Text.Json;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Running;

namespace Aspire.Hosting.Publishing;

/// <summary>The members of one resource, in Aspire's order.</summary>
internal sealed class ManifestResourceWriter(ManifestPublishingContext context, ManifestReferences references, ManifestPorts ports)
{
    private Utf8JsonWriter Writer => context.Writer;

    public Task WriteAsync(IResource resource) => resource switch
    {
        ContainerResource container => WriteContainerAsync(container),
        ProjectResource project => WriteProjectAsync(project),
        ExecutableResource executable => WriteExecutableAsync(executable),
        ParameterResource parameter => WriteParameter(parameter),
        _ => WriteError(),
    };

    private async Task WriteProjectAsync(ProjectResource project)
    {
        var metadata = project.Annotations.OfType<IProjectMetadata>().Last();
        Writer.WriteString("type", "project.v0");
        Writer.WriteString("path", context.GetManifestRelativePath(metadata.ProjectPath));
        await WriteArgsAndEnvironmentAsync(project);
        WriteBindings(project);
    }

    private async Task WriteExecutableAsync(ExecutableResource executable)
    {
        Writer.WriteString("type", "executable.v0");
        Writer.WriteString("workingDirectory", context.GetManifestRelativePath(executable.WorkingDirectory));
        Writer.WriteString("command", executable.Command);
        await WriteArgsAndEnvironmentAsync(executable);
        WriteBindings(executable);
    }

    private async Task WriteContainerAsync(ContainerResource container)
    {
        Writer.WriteString("type", "container.v0");
        if (container is IResourceWithConnectionString source)
            Writer.WriteString("connectionString", references.Add(source.ConnectionStringExpression));
        Writer.WriteString("image", container.Annotations.OfType<ContainerImageAnnotation>().Last().FullName);
        if (container.Entrypoint is not null) Writer.WriteString("entrypoint", container.Entrypoint);
        await WriteArgsAsync(container);
        WriteVolumes(container);
        await WriteEnvironmentAsync(container);
        WriteBindings(container);
    }

    private Task WriteParameter(ParameterResource parameter)
    {
        Writer.WriteString("type", "parameter.v0");
        if (parameter.IsConnectionString) Writer.WriteString("connectionString", parameter.ValueExpression);
        Writer.WriteString("value", $"{{{parameter.Name}.inputs.value}}");
        Writer.WriteStartObject("inputs");
        Writer.WriteStartObject("value");
        Writer.WriteString("type", "string");
        if (parameter.Secret) Writer.WriteBoolean("secret", true);
        if (parameter.Default is { } value)
        {
            Writer.WriteStartObject("default");
            value.WriteToManifest(context);
            Writer.WriteEndObject();
        }

        Writer.WriteEndObject();
        Writer.WriteEndObject();
        return Task.CompletedTask;
    }

    private Task WriteError()
    {
        Writer.WriteString("error", "This resource does not support generation in the manifest.");
        return Task.CompletedTask;
    }

    private async Task WriteArgsAndEnvironmentAsync(IResource resource)
    {
        await WriteArgsAsync(resource);
        await WriteEnvironmentAsync(resource);
    }

    private async Task WriteArgsAsync(IResource resource)
    {
        var args = await ResourceSettings.ArgumentsAsync(resource, context.ExecutionContext, context.CancellationToken);
        if (args.Count == 0) return;
        Writer.WriteStartArray("args");
        foreach (var arg in args) Writer.WriteStringValue(references.Add(arg));
        Writer.WriteEndArray();
    }

    private async Task WriteEnvironmentAsync(IResource resource)
    {
        var variables = await ResourceSettings.EnvironmentAsync(resource, context.ExecutionContext, context.CancellationToken);
        if (variables.Count == 0) return;
        Writer.WriteStartObject("env");
        foreach (var (name, value) in variables) Writer.WriteString(name, references.Add(value));
        Writer.WriteEndObject();
    }

    private void WriteVolumes(ContainerResource container)
    {
        var volumes = container.Annotations.OfType<ContainerMountAnnotation>().ToList();
        if (volumes.Count == 0) return;
        Writer.WriteStartArray("volumes");
        foreach (var volume in volumes)
        {
            Writer.WriteStartObject();
            if (volume.Source is not null) Writer.WriteString("name", volume.Source);
            Writer.WriteString("target", volume.Target);
            Writer.WriteBoolean("readOnly", volume.IsReadOnly);
            Writer.WriteEndObject();
        }

        Writer.WriteEndArray();
    }

    private void WriteBindings(IResource resource)
    {
        var bindings = ports.Resolve(resource);
        if (bindings.Count == 0) return;
        Writer.WriteStartObject("bindings");
        foreach (var (endpoint, port, targetPort) in bindings)
        {
            Writer.WriteStartObject(endpoint.Name);
            Writer.WriteString("scheme", endpoint.UriScheme);
            Writer.WriteString("protocol", endpoint.Protocol.ToString().ToLowerInvariant());
            Writer.WriteString("transport", endpoint.Transport);
            if (port is not null && port != targetPort) Writer.WriteNumber("port", port.Value);
            if (targetPort is not null) Writer.WriteNumber("targetPort", targetPort.Value);
            if (endpoint.IsExternal) Writer.WriteBoolean("external", true);
            Writer.WriteEndObject();
        }

        Writer.WriteEndObject();
    }
}
