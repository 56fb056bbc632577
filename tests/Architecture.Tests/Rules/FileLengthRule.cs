using Platform.Architecture.Tests.Reading;

namespace Platform.Architecture.Tests.Rules;

/// <summary>One story a file: aim at 40 lines, look twice at 120, stop at 300.</summary>
internal static class FileLengthRule
{
    public const int LinesMax = 300;

    public static IEnumerable<Violation> Check(IReadOnlyList<SourceFile> files) =>
        from file in files
        where file.IsCSharp
        let lines = file.Text.AsSpan().TrimEnd('\n').Count('\n') + 1
        where lines > LinesMax
        select file.Whole($"{lines} lines; {LinesMax} is the most. A noun is missing: give part of the story its own file.");
}
