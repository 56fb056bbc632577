using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Platform.Core.Tensors;
using Platform.Formats.Items;

namespace Platform.Formats.Jsonl;

/// <summary>The <c>inputs</c> of a V2 request: objects of name, datatype, shape and data, in any order.</summary>
internal static class V2Inputs
{
    /// <param name="json">At the list's start; afterwards at its end.</param>
    public static RowFault? Read(ref Utf8JsonReader json, ItemLayout layout, JsonTensor[] tensors, RowTensor?[] read)
    {
        var position = 0;
        while (json.Read() && json.TokenType is not JsonTokenType.EndArray)
        {
            if (json.TokenType is not JsonTokenType.StartObject)
                return new("'inputs' must list objects of name, shape, datatype and data; or name the input itself: {\"<input>\": [values]}.", "inputs");
            if (One(ref json, layout, tensors, read) is { } fault) return fault with { Column = fault.Column ?? $"inputs[{position}]" };
            position++;
        }

        return null;
    }

    private static RowFault? One(ref Utf8JsonReader json, ItemLayout layout, JsonTensor[] tensors, RowTensor?[] read)
    {
        // The data may come before the name that says what it is: it is read again, where it lies, once the rest is known.
        Utf8JsonReader data = default;
        var (name, datatype, hasData) = ((string?)null, (string?)null, false);
        ImmutableArray<long>? shape = null;
        while (json.Read() && json.TokenType is JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("name"u8)) name = Text(ref json);
            else if (json.ValueTextEquals("datatype"u8)) datatype = Text(ref json);
            else if (json.ValueTextEquals("shape"u8))
            {
                if (!TryShape(ref json, out var given)) return new("'shape' must be a list of whole numbers of at least 0.", name);
                shape = given;
            }
            else
            {
                var isData = json.ValueTextEquals("data"u8);
                json.Read();
                if (isData) data = json;
                hasData |= isData;
                json.Skip();
            }
        }

        if (name is null) return new("An input has no 'name'.", null);
        var index = layout.IndexOf(Encoding.UTF8.GetBytes(name));
        if (index < 0) return new($"The model has no input of this name; it takes {string.Join(", ", layout.Tensors.Select(one => $"'{one.Name}'"))}.", name);
        if (read[index] is not null) return new("The input comes twice.", name);
        if (!hasData) return new("The input has no 'data'.", name);
        var expected = layout.Tensors[index].Datatype.Name();
        if (datatype is not null && datatype != expected) return new($"Its datatype is {datatype}, but the model takes {expected}.", name);
        return tensors[index].ReadShaped(ref data, shape, out read[index]);
    }

    private static string? Text(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType is JsonTokenType.String) return JsonText.TryGet(ref json, out var text) ? text : null;
        json.Skip();
        return null;
    }

    private static bool TryShape(ref Utf8JsonReader json, out ImmutableArray<long> shape)
    {
        var sizes = ImmutableArray.CreateBuilder<long>();
        json.Read();
        var isList = json.TokenType is JsonTokenType.StartArray;
        while (isList && json.Read() && json.TokenType is not JsonTokenType.EndArray)
        {
            isList = json.TokenType is JsonTokenType.Number && json.TryGetInt64(out var size) && size >= 0 && Add(sizes, size);
        }

        shape = sizes.ToImmutable();
        return isList;
    }

    private static bool Add(ImmutableArray<long>.Builder sizes, long size)
    {
        sizes.Add(size);
        return true;
    }
}
