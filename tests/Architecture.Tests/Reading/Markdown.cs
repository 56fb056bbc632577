using System.Text.RegularExpressions;

namespace Platform.Architecture.Tests.Reading;

/// <summary>What a markdown page points at.</summary>
internal static partial class Markdown
{
    /// <summary>Targets of links and images, without their #fragment.</summary>
    public static IEnumerable<(int Index, string Target)> Links(SourceFile page) =>
        from Match match in Link().Matches(WithoutCode(page.Text))
        let target = match.Groups["target"]
        where !HasScheme().IsMatch(target.Value) && !target.Value.StartsWith('#')
        select (target.Index, Uri.UnescapeDataString(target.Value.Split('#', '?')[0]));

    /// <summary>What stands in backticks within a line.</summary>
    public static IEnumerable<(int Index, string Text)> InlineCode(SourceFile page) =>
        from Match match in Inline().Matches(Blank(page.Text, Fence()))
        select (match.Index, match.Groups["code"].Value.Trim());

    /// <summary>The project that a dotnet command names, in a block or within a line.</summary>
    public static IEnumerable<(int Index, string Project)> DotnetProjects(SourceFile page) =>
        from Match match in DotnetProject().Matches(page.Text)
        select (match.Index, match.Groups["project"].Value);

    private static string WithoutCode(string text) => Blank(Blank(text, Fence()), Inline());

    private static string Blank(string text, Regex pattern) =>
        pattern.Replace(text, match => string.Concat(match.Value.Select(c => c == '\n' ? '\n' : ' ')));

    [GeneratedRegex(@"!?\[[^\]\n]*\]\(<?(?<target>[^)\s>]+)>?(\s+""[^""]*"")?\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^[a-z][a-z0-9+.-]*:", RegexOptions.IgnoreCase)]
    private static partial Regex HasScheme();

    [GeneratedRegex(@"^[ \t]*(?<fence>```+|~~~+).*?^[ \t]*\k<fence>[ \t]*$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"(?<!`)`(?<code>[^`\n]+)`(?!`)")]
    private static partial Regex Inline();

    [GeneratedRegex(@"\bdotnet\s+(run|build|test|publish|user-secrets|restore)\b[^\n`|;&]*?"
        + @"(--project[ =]|(?<=\b(build|publish|restore)\s))(?<project>[A-Za-z0-9_.][\w./\\-]*)")]
    private static partial Regex DotnetProject();
}
