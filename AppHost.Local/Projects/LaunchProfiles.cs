using System.Text.Json;

namespace Aspire.Hosting.Projects;

internal sealed record LaunchProfile(string Name, string? ApplicationUrl, IReadOnlyList<KeyValuePair<string, string>> Variables);

/// <summary>A project's Properties/launchSettings.json, read as Aspire reads it.</summary>
internal static class LaunchProfiles
{
    private static readonly JsonDocumentOptions Lenient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <summary>The one asked for, else the one of the AppHost's own profile name, else the first that starts the project.</summary>
    public static LaunchProfile? Choose(string projectPath, string? askedFor, string? ofAppHost)
    {
        var path = Path.Combine(Path.GetDirectoryName(projectPath)!, "Properties", "launchSettings.json");
        if (!File.Exists(path)) return null;
        using var document = Parse(path);
        if (!document.RootElement.TryGetProperty("profiles", out var profiles)) return null;
        if (askedFor is not null)
            return profiles.TryGetProperty(askedFor, out var asked)
                ? Read(askedFor, asked)
                : throw new DistributedApplicationException($"{path} has no launch profile '{askedFor}'.");
        if (ofAppHost is not null && profiles.TryGetProperty(ofAppHost, out var same)) return Read(ofAppHost, same);
        var first = profiles.EnumerateObject().FirstOrDefault(profile => StartsProject(profile.Value));
        return first.Value.ValueKind is JsonValueKind.Object ? Read(first.Name, first.Value) : null;
    }

    private static JsonDocument Parse(string path)
    {
        try
        {
            return JsonDocument.Parse(File.ReadAllText(path), Lenient);
        }
        catch (JsonException e)
        {
            throw new DistributedApplicationException($"{path} is not valid JSON: {e.Message}", e);
        }
    }

    private static bool StartsProject(JsonElement profile) =>
        !profile.TryGetProperty("commandName", out var command)
        || command.GetString() is not { Length: > 0 } name
        || name.Equals("Project", StringComparison.OrdinalIgnoreCase)
        || name.Equals("Executable", StringComparison.OrdinalIgnoreCase);

    private static LaunchProfile Read(string name, JsonElement profile) => new(
        name,
        profile.TryGetProperty("applicationUrl", out var url) ? url.GetString() : null,
        profile.TryGetProperty("environmentVariables", out var variables)
            ? [.. variables.EnumerateObject().Select(v => KeyValuePair.Create(v.Name, Environment.ExpandEnvironmentVariables(v.Value.GetString() ?? "")))]
            : []);
}
