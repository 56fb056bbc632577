using System.Text.Json;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Publishing;

/// <summary>Writes the model in the order Aspire does: its resources, then what they refer to.</summary>
public sealed class ManifestPublishingContext(
    DistributedApplicationExecutionContext executionContext, string manifestPath, Utf8JsonWriter writer, CancellationToken cancellationToken = default)
{
    private readonly ManifestReferences references = new();
    private readonly ManifestPorts ports = new();

    public DistributedApplicationExecutionContext ExecutionContext => executionContext;

    public string ManifestPath => manifestPath;

    public Utf8JsonWriter Writer => writer;

    public CancellationToken CancellationToken => cancellationToken;

    /// <summary>A path as seen from the folder of the manifest, with forward slashes.</summary>
    public string GetManifestRelativePath(string path) =>
        Path.GetRelativePath(Path.GetDirectoryName(Path.GetFullPath(manifestPath))!, path).Replace('\\', '/');

    internal async Task WriteModelAsync(DistributedApplicationModel model)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("resources");
        foreach (var resource in model.Resources) await WriteResourceAsync(resource);
        foreach (var resource in references.NotIn(model)) await WriteResourceAsync(resource);
        foreach (var encoded in references.TakeEncoded()) WriteEncoded(encoded);
        foreach (var conditional in references.Conditionals) await WriteConditionalAsync(conditional);
        writer.WriteEndObject();
        writer.WriteEndObject();
        await writer.FlushAsync(cancellationToken);
    }

    private async Task WriteResourceAsync(IResource resource)
    {
        if (resource.TryGetLastAnnotation<ManifestPublishingCallbackAnnotation>(out var custom) && custom.Callback is null) return;
        writer.WriteStartObject(resource.Name);
        await (custom?.Callback is { } callback ? callback(this) : new ManifestResourceWriter(this, references, ports).WriteAsync(resource));
        writer.WriteEndObject();
        if (resource is ParameterResource parameter)
            foreach (var encoded in references.TakeEncoded(parameter)) WriteEncoded(encoded);
    }

    private void WriteEncoded(EncodedParameter encoded)
    {
        writer.WriteStartObject(encoded.Name);
        writer.WriteString("type", "annotated.string");
        writer.WriteString("value", encoded.Parameter.ValueExpression);
        writer.WriteString("filter", encoded.Format);
        writer.WriteEndObject();
    }

    private async Task WriteConditionalAsync(ConditionalExpression conditional)
    {
        writer.WriteStartObject(conditional.Name);
        writer.WriteString("type", "value.v0");
        writer.WriteString("connectionString", await conditional.GetValueAsync(cancellationToken) ?? "");
        writer.WriteEndObject();
    }
}
