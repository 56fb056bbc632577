using System.Text.RegularExpressions;
using Platform.Architecture.Tests.Reading;

namespace Platform.Architecture.Tests.Rules;

/// <summary>Warnings are mended. What is switched off all the same stands here, with where; .editorconfig has the rest.</summary>
internal static partial class SuppressionRule
{
    private static readonly (string File, string Code)[] Allowed =
    [
        // Test names are Subject_Condition_Outcome; constant arrays in theories read better inline.
        ("Directory.Build.props", "CA1707"),
        ("Directory.Build.props", "CA1861"),
    ];

    public static IEnumerable<Violation> Check(IReadOnlyList<SourceFile> files) =>
        files.SelectMany(file => file.IsMSBuild ? InBuild(file) : file.IsCSharp ? InCode(file) : []);

    private static IEnumerable<Violation> InBuild(SourceFile file)
    {
        var elements = file.Xml.DescendantsAndSelf().ToArray();
        var codes = elements.Where(element => element.Name.LocalName is "NoWarn" or "WarningsNotAsErrors").Select(element => element.Value)
            .Concat(elements.Select(element => element.Attribute("NoWarn")?.Value ?? ""))
            .SelectMany(value => value.Split([';', ','], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .Where(code => !code.StartsWith('$') && !Allowed.Contains((file.Path, code)))
            .Select(code => file.Whole($"{code} is switched off. Mend what it warns of, or add it to {nameof(SuppressionRule)} with the reason."));
        var switches = elements.Where(element => element.Name.LocalName is "TreatWarningsAsErrors" or "Nullable"
                && element.Value is "false" or "disable")
            .Select(element => file.Whole($"{element.Name.LocalName} stays on."));
        return codes.Concat(switches);
    }

    private static IEnumerable<Violation> InCode(SourceFile file) =>
        from Match match in Suppression().Matches(file.Code)
        where !match.Groups["code"].Captures.All(code => Allowed.Contains((file.Path, code.Value)))
            || match.Groups["code"].Captures.Count == 0
        select file.At(match.Index, $"{match.Value.Trim()}: mend what it warns of, or add it to {nameof(SuppressionRule)} with the reason.");

    [GeneratedRegex(@"^[ \t]*#pragma\s+warning\s+disable([ \t,]+(?<code>\w+))*|^[ \t]*#nullable\s+disable"
        + @"|\[[^\]\n]*\b(Unconditional)?SuppressMessage\b", RegexOptions.Multiline)]
    private static partial Regex Suppression();
}
