using System.Text.RegularExpressions;
using Platform.Architecture.Tests.Reading;

namespace Platform.Architecture.Tests.Rules;

/// <summary>
/// Calls that nobody should make. BannedSymbols.txt is the first net and knows types; this one also sees what the
/// compiler does not build. It knows text only, so <c>.Result</c> is refused where it follows an Async call or a task.
/// </summary>
internal static class BannedCallRule
{
    private const string Balanced = @"\((?>[^()]+|\((?<open>)|\)(?<-open>))*(?(open)(?!))\)";

    private static readonly (Regex Call, bool TestsOnly, string Advice)[] Banned =
    [
        (Pattern(@"\bDateTime(Offset)?\s*\.\s*(Utc)?Now\b"), false, "Take the time from an injected TimeProvider."),
        (Pattern(@"\bThread\s*\.\s*Sleep\b"), false, "Wait for a condition."),
        (Pattern($@"(\b\w+Async\s*{Balanced}|\b\w*[tT]ask(\s*{Balanced})?)\s*\.\s*Result\b"), false, "Await the task."),
        (Pattern(@"\.\s*Wait\s*\(\s*\)"), false, "Await it."),
        (Pattern(@"\.\s*GetAwaiter\s*\(\s*\)\s*\.\s*GetResult\s*\("), false, "Await it."),
        (Pattern(@"\basync\s+void\b"), false, "Return Task: an exception in async void ends the process."),
        (Pattern(@"\bTask\s*\.\s*Delay\s*\(\s*(?!Timeout\.Infinite)"), true, "Wait for a condition, with fake time or a PeriodicTimer."),
    ];

    private static readonly Regex EmptyCatch =
        Pattern($@"\bcatch\b\s*(?<type>{Balanced})?\s*(?<when>when\s*{Balanced})?\s*(?<body>\{{\s*\}})");

    public static IEnumerable<Violation> Calls(IReadOnlyList<SourceFile> files) =>
        from file in files
        where file.IsCSharp
        from banned in Banned
        where file.IsTest || !banned.TestsOnly
        from Match match in banned.Call.Matches(file.Code)
        select file.At(match.Index, $"{match.Value.Trim()}: {banned.Advice}");

    /// <summary>An error may be left alone only where its type is named and a comment says why.</summary>
    public static IEnumerable<Violation> EmptyCatches(IReadOnlyList<SourceFile> files) =>
        from file in files
        where file.IsCSharp
        from Match match in EmptyCatch.Matches(file.Code)
        where CatchesAll(match) || string.IsNullOrWhiteSpace(Body(file.Text, match))
        select file.At(match.Index, "An error vanishes here. Handle it, or catch its type only and say why nothing is to be done.");

    private static bool CatchesAll(Match match) =>
        !match.Groups["when"].Success && match.Groups["type"].Value.Trim('(', ')', ' ').Split(' ')[0] is "" or "Exception" or "System.Exception";

    private static string Body(string text, Match match) =>
        text.Substring(match.Groups["body"].Index, match.Groups["body"].Length)[1..^1];

    private static Regex Pattern(string pattern) => new(pattern, RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture);
}
