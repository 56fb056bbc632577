namespace Platform.Architecture.Tests.Reading;

/// <summary>The checkout that these tests were built from.</summary>
internal static class Repository
{
    private static readonly string[] LeftOut =
        [".git", ".vs", ".idea", ".data", "bin", "obj", "TestResults", "BenchmarkDotNet.Artifacts", "node_modules"];

    private static readonly string[] TextExtensions =
        [".cs", ".csproj", ".props", ".targets", ".sln", ".md", ".json", ".http", ".proto"];

    private static readonly Lazy<IReadOnlyList<SourceFile>> All = new(Read);

    /// <summary>Every file, those that are no text with an empty one.</summary>
    public static IReadOnlyList<SourceFile> Files => All.Value;

    private static SourceFile[] Read()
    {
        var root = Root();
        return
        [
            .. from path in Walk(root).Order(StringComparer.Ordinal)
               select new SourceFile(Path.GetRelativePath(root, path).Replace('\\', '/'), Text(path)),
        ];
    }

    private static string Text(string path) => TextExtensions.Contains(Path.GetExtension(path)) ? File.ReadAllText(path) : "";

    private static IEnumerable<string> Walk(string folder) => Directory.EnumerateFiles(folder).Concat(
        Directory.EnumerateDirectories(folder).Where(inner => !LeftOut.Contains(Path.GetFileName(inner))).SelectMany(Walk));

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Platform.sln")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException("Platform.sln is in no folder above the tests.");
    }
}
