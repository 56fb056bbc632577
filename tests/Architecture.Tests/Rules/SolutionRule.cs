using System.Text.RegularExpressions;
using Platform.Architecture.Tests.Reading;

namespace Platform.Architecture.Tests.Rules;

/// <summary>One build and one test command reach every project: Platform.sln lists them all, and no other.</summary>
internal static partial class SolutionRule
{
    private const string Solution = "Platform.sln";

    public static IEnumerable<Violation> Check(IReadOnlyList<SourceFile> files)
    {
        var listed = files.Where(file => file.Path == Solution).SelectMany(file => ProjectPath().Matches(file.Text))
            .Select(match => match.Groups["path"].Value.Replace('\\', '/')).ToHashSet();
        var present = files.Where(file => file.IsProject).Select(file => file.Path).ToHashSet();
        return present.Except(listed).Select(path => new Violation(path, $"Add it: dotnet sln add {path}"))
            .Concat(listed.Except(present).Select(path => new Violation(Solution, $"{path} is not there. Remove it: dotnet sln remove {path}")));
    }

    [GeneratedRegex(@"""(?<path>[^""]+\.csproj)""")]
    private static partial Regex ProjectPath();
}
