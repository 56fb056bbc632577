using System.Text.Json;
using Platform.Formats.Items;

namespace Platform.Formats.Jsonl;

/// <summary>One line as a row, whichever of the two forms it has.</summary>
internal sealed class JsonRow(ItemLayout layout, FormatLimits limits)
{
    private static readonly JsonReaderOptions Strict = new() { CommentHandling = JsonCommentHandling.Disallow };

    private readonly JsonTensor[] tensors = [.. layout.Tensors.Select(tensor => new JsonTensor(tensor, limits))];
    private readonly RowTensor?[] read = new RowTensor?[layout.Tensors.Length];

    public InputRow Read(long number, ReadOnlySpan<byte> line)
    {
        Array.Clear(read);
        if (new PlainRow(line).TryRead(layout, tensors, read) && Array.IndexOf(read, null) < 0) return new(number, [.. read!], null);
        Array.Clear(read);
        var fault = TryRead(line) ?? Missing();
        return fault is null ? new(number, [.. read!], null) : new(number, [], fault);
    }

    private RowFault? TryRead(ReadOnlySpan<byte> line)
    {
        try
        {
            var json = new Utf8JsonReader(line, Strict);
            json.Read();
            if (json.TokenType is not JsonTokenType.StartObject) return new("The line is no JSON object; write {\"<input>\": [values]}.", null);
            if (Members(ref json) is { } fault) return fault;
            // Anything but white space after the object throws.
            json.Read();
            return null;
        }
        catch (JsonException e)
        {
            return new($"The line is no JSON object: it goes wrong at byte {e.BytePositionInLine}.", null);
        }
    }

    private RowFault? Members(ref Utf8JsonReader json)
    {
        var isRequest = false;
        RowFault? unknown = null;
        while (json.Read() && json.TokenType is JsonTokenType.PropertyName)
        {
            var index = IndexOf(ref json, layout);
            var isInputs = json.ValueTextEquals("inputs"u8);
            var name = index >= 0 ? "" : Name(ref json);
            json.Read();
            // A model's own input may be called so, too.
            if (isInputs && json.TokenType is JsonTokenType.StartArray && (index < 0 || HoldsObjects(json)))
            {
                isRequest = true;
                if (V2Inputs.Read(ref json, layout, tensors, read) is { } wrong) return wrong;
            }
            else if (index < 0)
            {
                // A V2 request also has members of its own, such as id and parameters.
                unknown ??= new($"The model has no input '{name}'; it takes {Names()}.", name);
                json.Skip();
            }
            else
            {
                if (read[index] is not null) return Twice(index);
                if (tensors[index].ReadPlain(ref json, out read[index]) is { } wrong) return wrong;
            }
        }

        return isRequest ? null : unknown;
    }

    private static int IndexOf(ref Utf8JsonReader json, ItemLayout layout)
    {
        for (var i = 0; i < layout.Tensors.Length; i++)
        {
            if (json.ValueTextEquals(layout.Tensors[i].Utf8Name)) return i;
        }

        return -1;
    }

    private static bool HoldsObjects(Utf8JsonReader json) => json.Read() && json.TokenType is JsonTokenType.StartObject;

    private static string Name(ref Utf8JsonReader json) => ElementText.Shown(json.ValueSpan).Trim('\'');

    private RowFault Twice(int index) => new("The input comes twice.", layout.Tensors[index].Name);

    private RowFault? Missing()
    {
        var index = Array.IndexOf(read, null);
        return index < 0 ? null : new($"The input is missing; the model takes {Names()}.", layout.Tensors[index].Name);
    }

    private string Names() => string.Join(", ", layout.Tensors.Select(tensor => $"'{tensor.Name}'"));
}
