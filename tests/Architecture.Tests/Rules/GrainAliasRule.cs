using System.Text.RegularExpressions;
using Platform.Architecture.Tests.Reading;

namespace Platform.Architecture.Tests.Rules;

/// <summary>Grain interfaces and their methods carry [Alias], so that a rename does not break a cluster that is being upgraded.</summary>
internal static partial class GrainAliasRule
{
    public static IEnumerable<Violation> Check(IReadOnlyList<SourceFile> files) =>
        from file in files
        where file.IsCSharp && !file.IsTest
        from Match match in GrainInterface().Matches(file.Code)
        from violation in Check(file, match)
        select violation;

    private static IEnumerable<Violation> Check(SourceFile file, Match grain)
    {
        var name = grain.Groups["name"].Value;
        var before = file.Code[..grain.Index];
        if (!Alias().IsMatch(before[(before.LastIndexOfAny([';', '}', '{']) + 1)..]))
            yield return file.At(grain.Index, $"Give {name} an [Alias(\"{name}\")].");

        var start = grain.Index + grain.Length;
        foreach (var member in Body(file.Code, start).Split(';'))
        {
            var method = Method().Match(Attribute().Replace(member, ""));
            if (method.Success && !Alias().IsMatch(member))
                yield return file.At(start + member.Length - member.TrimStart().Length, $"Give {name}.{method.Groups["name"].Value} an [Alias].");
            start += member.Length + 1;
        }
    }

    private static string Body(string code, int start)
    {
        var depth = 1;
        var end = start;
        for (; end < code.Length && depth > 0; end++)
            depth += code[end] switch { '{' => 1, '}' => -1, _ => 0 };
        return code[start..end];
    }

    [GeneratedRegex(@"\b(public|internal)\s+(partial\s+)?interface\s+(?<name>\w+)[^{;]*:[^{;]*\bIGrain(With\w+Key|Observer)?\b[^{;]*\{")]
    private static partial Regex GrainInterface();

    [GeneratedRegex(@"(?<name>\w+)\s*(<[^<>()]*>)?\s*\(")]
    private static partial Regex Method();

    [GeneratedRegex(@"\[[^\]]*\]")]
    private static partial Regex Attribute();

    [GeneratedRegex(@"\bAlias\s*\(")]
    private static partial Regex Alias();
}
