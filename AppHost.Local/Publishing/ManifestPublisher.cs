using System.Text.Json;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Publishing;

/// <summary>Writes aspire-manifest.json for <c>--publisher manifest</c> and for <c>--operation publish --step publish-manifest</c>.</summary>
internal sealed class ManifestPublisher(
    IConfiguration configuration, DistributedApplicationModel model, DistributedApplicationExecutionContext executionContext)
{
    public async Task PublishAsync(CancellationToken cancellationToken)
    {
        var publisher = configuration["Publishing:Publisher"] ?? "manifest";
        var step = configuration["Publishing:Step"] ?? (configuration["Publishing:Publisher"] is null ? "" : "publish-manifest");
        if (publisher != "manifest" || step != "publish-manifest")
            throw new DistributedApplicationException(
                "AppHost.Local publishes the manifest only: use '--publisher manifest' or '--operation publish --step publish-manifest'. "
                + "For other steps run the AppHost with -p:UseAspire=true.");
        var output = configuration["Publishing:OutputPath"] ?? throw new DistributedApplicationException(
            "The '--output-path [path]' option was not specified even though manifest publishing was requested.");
        var path = Path.GetFullPath(output.EndsWith(".json", StringComparison.Ordinal) ? output : Path.Combine(output, "aspire-manifest.json"));
        await WriteAsync(path, cancellationToken);
        Console.WriteLine($"Published manifest to: {path}");
    }

    internal async Task WriteAsync(string path, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await using var stream = File.Create(path);
        await using var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        await new ManifestPublishingContext(executionContext, path, writer, cancellationToken).WriteModelAsync(model);
    }
}
