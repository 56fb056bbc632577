using System.Text.RegularExpressions;
using Platform.Architecture.Tests.Reading;

namespace Platform.Architecture.Tests.Rules;

/// <summary>Pages name only what is there.</summary>
internal static partial class DocumentRule
{
    private static readonly string[] NotCheckedIn = ["bin", "obj", ".data", "TestResults", "BenchmarkDotNet.Artifacts"];

    public static IEnumerable<Violation> Links(IReadOnlyList<SourceFile> files) =>
        from page in files
        where page.IsMarkdown
        from link in Markdown.Links(page)
        where !Paths.Exists(files, link.Target.StartsWith('/') ? link.Target[1..] : Paths.Resolve(page.Folder, link.Target))
        select page.At(link.Index, $"The link to {link.Target} leads nowhere. Mend or remove it.");

    public static IEnumerable<Violation> Names(IReadOnlyList<SourceFile> files) =>
        from page in files
        where page.IsMarkdown
        from code in Markdown.InlineCode(page)
        where IsPath(files, code.Text) && !Exists(files, page, code.Text)
        select page.At(code.Index, $"{code.Text} is no file or folder here. Name what it became.");

    public static IEnumerable<Violation> Commands(IReadOnlyList<SourceFile> files) =>
        from page in files
        where page.IsMarkdown
        from command in Markdown.DotnetProjects(page)
        where !Paths.Exists(files, Paths.Resolve("", command.Project))
        select page.At(command.Index, $"The command names {command.Project}, which is no project here.");

    /// <summary>A file of a kind that we check in, a folder, or something in one of our rooms; no pattern, no placeholder, no route.</summary>
    private static bool IsPath(IReadOnlyList<SourceFile> files, string text) =>
        PathText().IsMatch(text) && !Placeholder().IsMatch(text) && !NotCheckedIn.Contains(Paths.Room(text))
        && (FileName().IsMatch(text) || text.EndsWith('/') || IsInARoom(files, text));

    private static bool IsInARoom(IReadOnlyList<SourceFile> files, string text) =>
        text.Contains('/') && files.Any(file => file.Room.Length > 0 && file.Room == Paths.Room(text));

    /// <summary>From the root, from the page's folder, or a bare name anywhere.</summary>
    private static bool Exists(IReadOnlyList<SourceFile> files, SourceFile page, string text)
    {
        var path = text.TrimEnd('/');
        return Paths.Exists(files, Paths.Resolve("", path))
            || Paths.Exists(files, Paths.Resolve(page.Folder, path))
            || (!path.Contains('/') && files.Any(file => file.Name == path || file.Folder.Split('/').Contains(path)));
    }

    [GeneratedRegex(@"^\.{0,2}[\w.-][\w./-]*$")]
    private static partial Regex PathText();

    /// <summary>XEndpoints.cs, Feature names such as X/Y: the style guide's patterns.</summary>
    [GeneratedRegex(@"(^|/)X[A-Z]\w*\.")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"\.(cs|csproj|props|targets|sln|md|json|http|proto|onnx|py)$")]
    private static partial Regex FileName();
}
