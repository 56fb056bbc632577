using System.Text.RegularExpressions;
using Platform.Architecture.Tests.Reading;

namespace Platform.Architecture.Tests.Rules;

/// <summary>Inside a host, a feature folder uses its own files and the host's root namespace, not a sibling's classes.</summary>
internal static partial class FeatureFolderRule
{
    private static readonly string[] Hosts = ["Silo", "Api", "Worker"];

    /// <summary>No features, but what every feature of the host stands on. They use no feature themselves.</summary>
    private static readonly string[] Shared =
    [
        "Api/Access", "Api/Conventions", "Api/Serving", "Api/Workers", "Silo/Storage", "Worker/Gpu", "Worker/Onnx", "Worker/Probing", "Worker/Profiling", "Worker/Serving", "Worker/Tensors",
    ];

    public static IEnumerable<Violation> Siblings(IReadOnlyList<SourceFile> files) =>
        from file in files
        let parts = file.Path.Split('/')
        where file.IsCSharp && Hosts.Contains(file.Room) && parts.Length > 2
        from Match match in PlatformName().Matches(file.Code)
        let feature = match.Groups["feature"].Value
        let used = $"{file.Room}/{feature}"
        where match.Groups["host"].Value == file.Room && feature != parts[1] && !Shared.Contains(used) && Paths.Exists(files, used)
        select file.At(match.Index, $"{file.Room}/{parts[1]} may not use {used}. Move what both need to {file.Room}'s root, Core or SharedState.");

    /// <summary>A using for the whole host would hide what a folder uses.</summary>
    public static IEnumerable<Violation> GlobalUsings(IReadOnlyList<SourceFile> files) =>
        from file in files
        where file.IsCSharp && Hosts.Contains(file.Room)
        from Match match in GlobalUsing().Matches(file.Code)
        select file.At(match.Index, "Name a feature's namespace in the files that use it, not globally.");

    /// <summary>Found by folder name; and the rule above goes by folders.</summary>
    public static IEnumerable<Violation> Namespaces(IReadOnlyList<SourceFile> files) =>
        from file in files
        where file.IsCSharp && Hosts.Contains(file.Room)
        let expected = $"Platform.{file.Folder.Replace('/', '.')}"
        from Match match in Namespace().Matches(file.Code)
        where match.Groups["name"].Value != expected
        select file.At(match.Index, $"The namespace follows the folder: {expected}.");

    [GeneratedRegex(@"\bPlatform\.(?<host>\w+)\.(?<feature>\w+)")]
    private static partial Regex PlatformName();

    [GeneratedRegex(@"\bglobal\s+using\s+(static\s+)?(\w+\s*=\s*)?Platform\.(Silo|Api|Worker)\.")]
    private static partial Regex GlobalUsing();

    [GeneratedRegex(@"^\s*namespace\s+(?<name>[\w.]+)", RegexOptions.Multiline)]
    private static partial Regex Namespace();
}
