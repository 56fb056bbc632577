using System.Reflection;
using System.Text.Json;

namespace Aspire.Hosting.Testing;

/// <summary>What Aspire's tests differ in from a run: no dashboard, other public ports each time, Development.</summary>
internal static class TestDefaults
{
    public static void Apply(DistributedApplicationOptions options, Assembly appHost, string[] args)
    {
        options.AssemblyName = appHost.GetName().Name;
        options.DisableDashboard = true;
        options.Args = [.. Unless(args, "DcpPublisher:RandomizePorts", "true"), .. FirstProfile(options, args), .. args];
    }

    /// <summary>A program started by a test has no launch profile of its own; the tests take the AppHost's first.</summary>
    private static string[] FirstProfile(DistributedApplicationOptions options, string[] args)
    {
        var path = Path.Combine(options.Metadata("AppHostProjectPath") ?? "", "Properties", "launchSettings.json");
        if (!File.Exists(path)) return [];
        using var settings = JsonDocument.Parse(File.ReadAllText(path), new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        var first = settings.RootElement.GetProperty("profiles").EnumerateObject().FirstOrDefault();
        return first.Name is null ? [] : Unless(args, "DOTNET_LAUNCH_PROFILE", first.Name);
    }

    private static string[] Unless(string[] args, string key, string value) =>
        args.Any(arg => arg.StartsWith($"--{key}", StringComparison.OrdinalIgnoreCase)) ? [] : [$"--{key}={value}"];
}
