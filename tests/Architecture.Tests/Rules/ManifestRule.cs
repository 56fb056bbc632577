using System.Text.Json;
using System.Text.RegularExpressions;
using Platform.Architecture.Tests.Reading;

namespace Platform.Architecture.Tests.Rules;

/// <summary>The checked-in manifest names no path of the machine that wrote it. (An end-to-end test compares its content.)</summary>
internal static partial class ManifestRule
{
    public static IEnumerable<Violation> Check(IReadOnlyList<SourceFile> files) =>
        from file in files
        where file.Path == "aspire-manifest.json"
        from text in Texts(JsonElement.Parse(file.Text))
        where MachinePath().IsMatch(text.Value) || (text.IsPath && Path.IsPathRooted(text.Value))
        select file.Whole($"'{text.Value}' is a path of one machine. Publish again from the repository's root.");

    private static IEnumerable<(string Value, bool IsPath)> Texts(JsonElement json, string name = "") => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject().SelectMany(property => Texts(property.Value, property.Name)),
        JsonValueKind.Array => json.EnumerateArray().SelectMany(element => Texts(element, name)),
        JsonValueKind.String => [(json.GetString()!, name is "path" or "context" or "dockerfile" or "source")],
        _ => [],
    };

    [GeneratedRegex(@"(^|[\s=;:""])(/home/|/root/|/Users/|/tmp/|/mnt/|/workspace)|\b[A-Za-z]:\\")]
    private static partial Regex MachinePath();
}
