using System.Text.RegularExpressions;
using Platform.Architecture.Tests.Reading;

namespace Platform.Architecture.Tests.Rules;

/// <summary>How options and the bodies of requests are declared.</summary>
internal static partial class DeclarationRule
{
    private const string Declaration = @"^[ \t]*(?<modifiers>(\w+[ \t]+)*?)(?<kind>class|record(\s+class|\s+struct)?|struct)\s+";

    public static IEnumerable<Violation> Options(IReadOnlyList<SourceFile> files) =>
        from file in files
        where file.IsCSharp && file.Room is "Silo" or "Api" or "Worker"
        from Match match in OptionsType().Matches(file.Code)
        let modifiers = Words(match)
        let asAgreed = match.Groups["kind"].Value == "class" && modifiers.Contains("internal") && modifiers.Contains("sealed")
        where !asAgreed && !modifiers.Contains("static")
        select file.At(match.Index, $"{match.Groups["name"].Value} is to be an internal sealed class: other rooms get values, not options.");

    /// <summary>AddValidation() silently skips types that are not public. As far as text allows: what endpoints name …Request.</summary>
    public static IEnumerable<Violation> Requests(IReadOnlyList<SourceFile> files)
    {
        var api = files.Where(file => file.IsCSharp && file.Room == "Api").ToArray();
        var bodies = api.Where(file => file.Name.EndsWith("Endpoints.cs", StringComparison.Ordinal))
            .SelectMany(file => RequestName().Matches(file.Code)).Select(match => match.Value).ToHashSet();
        return from file in api
               from Match match in RequestType().Matches(file.Code)
               where bodies.Contains(match.Groups["name"].Value) && !Words(match).Contains("public")
               select file.At(match.Index, $"{match.Groups["name"].Value} is to be public, or its validation is silently skipped.");
    }

    private static string[] Words(Match match) => match.Groups["modifiers"].Value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    [GeneratedRegex(Declaration + @"(?<name>\w+Options)\b", RegexOptions.Multiline)]
    private static partial Regex OptionsType();

    [GeneratedRegex(Declaration + @"(?<name>\w+Request)\b", RegexOptions.Multiline)]
    private static partial Regex RequestType();

    [GeneratedRegex(@"\b\w+Request\b")]
    private static partial Regex RequestName();
}
