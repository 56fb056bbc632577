using System.Text.RegularExpressions;
using Platform.Architecture.Tests.Reading;

namespace Platform.Architecture.Tests.Rules;

/// <summary>Which namespaces stay in which folder.</summary>
internal static partial class NamespaceRule
{
    public static IEnumerable<Violation> OnnxRuntime(IReadOnlyList<SourceFile> files) =>
        from file in files
        where file.IsCSharp && !file.IsTest && !file.IsIn("Worker/Onnx")
        from Match match in OnnxNamespace().Matches(file.Code)
        select file.At(match.Index, "ONNX Runtime is named in Worker/Onnx only. Put the code that needs it there, behind a type of ours.");

    /// <summary>Beside the shared state, only the file in which a host configures Orleans' providers may name it.</summary>
    public static IEnumerable<Violation> Redis(IReadOnlyList<SourceFile> files) =>
        from file in files
        where file.IsCSharp && !file.IsTest && file.Room is not ("SharedState" or "ServiceDefaults") && !ConfiguresOrleans(file)
        from Match match in RedisNamespace().Matches(file.Code)
        select file.At(match.Index, "StackExchange.Redis is used in SharedState only. Give SharedState a type that does this.");

    public static IEnumerable<Violation> Core(IReadOnlyList<SourceFile> files) =>
        from file in files
        where file.IsCSharp && file.Room == "Core"
        from Match match in UsedNamespace().Matches(file.Code)
        where !CoreMayUse().IsMatch(match.Groups["name"].Value)
        select file.At(match.Index, $"Core may use System.*, Semver, MathNet.Numerics and itself only, not {match.Groups["name"].Value}. Pass values in.");

    private static bool ConfiguresOrleans(SourceFile file) =>
        file.Room is "Silo" or "Api" && file.Code.Contains(".UseOrleans", StringComparison.Ordinal);

    [GeneratedRegex(@"\bMicrosoft\.ML\.OnnxRuntime\b")]
    private static partial Regex OnnxNamespace();

    [GeneratedRegex(@"\bStackExchange\.Redis\b")]
    private static partial Regex RedisNamespace();

    [GeneratedRegex(@"^\s*(global\s+)?using\s+(static\s+)?(\w+\s*=\s*)?(?<name>[A-Z][\w.]*)", RegexOptions.Multiline)]
    private static partial Regex UsedNamespace();

    [GeneratedRegex(@"^(System|Semver|MathNet\.Numerics|Platform\.Core)(\.|$)")]
    private static partial Regex CoreMayUse();
}
