namespace Platform.Architecture.Tests.Reading;

/// <summary>Paths from the repository's root, with '/'.</summary>
internal static class Paths
{
    /// <summary>What <paramref name="relative"/> means in <paramref name="folder"/>; above the root it keeps its "..".</summary>
    public static string Resolve(string folder, string relative)
    {
        var parts = new List<string>();
        foreach (var part in $"{folder}/{relative}".Replace('\\', '/').Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == ".." && parts is [.., not ".."]) parts.RemoveAt(parts.Count - 1);
            else if (part != ".") parts.Add(part);
        }

        return string.Join('/', parts);
    }

    public static string Room(string path) => path.Split('/')[0];

    /// <summary>Whether a file, or a folder with files in it, has this path.</summary>
    public static bool Exists(IReadOnlyList<SourceFile> files, string path) =>
        path.Length == 0 || files.Any(file => file.Path == path || file.IsIn(path));
}
