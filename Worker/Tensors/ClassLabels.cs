using System.Collections.Immutable;
using System.Text.Json;
using Platform.Core.Models;

namespace Platform.Worker.Tensors;

/// <summary>
/// Names of an output's classes, from the file's own metadata: the property <c>labels.{output}</c>, or <c>labels</c> for
/// all outputs, as a JSON array of texts or one name a line.
/// </summary>
internal static class ClassLabels
{
    private const string Property = "labels";

    public static ImmutableArray<string> Of(ModelSignature signature, string output)
    {
        var text = signature.Properties.GetValueOrDefault($"{Property}.{output}") ?? signature.Properties.GetValueOrDefault(Property);
        if (string.IsNullOrWhiteSpace(text)) return [];
        try
        {
            if (text.TrimStart().StartsWith('[')) return [.. JsonSerializer.Deserialize<string[]>(text)!];
        }
        catch (JsonException)
        {
            // A name may begin with a bracket; then the text is what it looks like, lines.
        }

        return [.. text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
    }
}
