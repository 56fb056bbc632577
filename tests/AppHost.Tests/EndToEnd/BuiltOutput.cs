namespace Platform.AppHost.Tests.EndToEnd;

/// <summary>Where the build put another project's program.</summary>
internal static class BuiltOutput
{
    /// <param name="project">The project's file or folder.</param>
    public static string Of(string project, string assembly)
    {
        var folder = File.Exists(project) ? Path.GetDirectoryName(project)! : project;
        // The same configuration and framework as this test's own output: …/bin/Debug/net10.0.
        var output = Path.GetRelativePath(Path.Combine(AppContext.BaseDirectory, "..", "..", ".."), AppContext.BaseDirectory);
        return Path.Combine(folder, output, assembly);
    }
}
