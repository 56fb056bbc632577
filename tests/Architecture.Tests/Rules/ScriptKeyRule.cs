using System.Text.RegularExpressions;
using Platform.Architecture.Tests.Reading;

namespace Platform.Architecture.Tests.Rules;

/// <summary>
/// Lua touches no key that its caller did not name: a Redis cluster could not route it, and Garnet, which locks the named
/// keys only, would let others change the rest at the same time.
/// </summary>
internal static partial class ScriptKeyRule
{
    public static IEnumerable<Violation> Check(IReadOnlyList<SourceFile> files) =>
        from file in files
        where file is { IsCSharp: true, IsTest: false }
        let named = KeyNames().Matches(file.Text).SelectMany(match => match.Groups["name"].Captures.Select(name => name.Value)).ToHashSet()
        from Match call in Call().Matches(file.Text)
        let key = call.Groups["key"].Value
        where !key.StartsWith("KEYS[", StringComparison.Ordinal) && !named.Contains(key)
        select file.At(call.Index, $"Pass {key} among the script's keys and take it from KEYS.");

    /// <summary>As in "local a, b = KEYS[1], KEYS[2]".</summary>
    [GeneratedRegex(@"local (?:(?<name>\w+)(?:, )?)+ = KEYS\[\w+\](?:, KEYS\[\w+\])*\s")]
    private static partial Regex KeyNames();

    [GeneratedRegex(@"redis\.p?call\([^,)]+, (?<key>[^,)]+)")]
    private static partial Regex Call();
}
