using System.Text.RegularExpressions;
using Platform.Architecture.Tests.Reading;

namespace Platform.Architecture.Tests.Rules;

/// <summary>A test runs or is deleted.</summary>
internal static partial class SkippedTestRule
{
    public static IEnumerable<Violation> Check(IReadOnlyList<SourceFile> files) =>
        from file in files
        where file.IsCSharp && file.IsTest
        from Match match in Skip().Matches(file.Code)
        select file.At(match.Index, "No test is switched off: mend it or delete it.");

    [GeneratedRegex(@"\bSkip\s*=(?![=>])")]
    private static partial Regex Skip();
}
