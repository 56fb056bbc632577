using System.Text.Json;

namespace Platform.Core.Caching;

/// <summary>An output as it was asked for; null where the request does not say.</summary>
internal sealed record RequestedForm(string Name, bool? IsBinary, int? Classification);

/// <summary>What of a V2 request its answer depends on. Fields that it does not know make it give up, except a few known not to matter.</summary>
internal sealed class RequestFields
{
    private readonly HashSet<string> seen = [];

    public string? Id { get; private set; }

    public List<InputFields> Inputs { get; } = [];

    public List<RequestedForm> Outputs { get; } = [];

    public bool IsBinaryByDefault { get; private set; }

    /// <param name="binary">What follows the JSON.</param>
    public static RequestFields? TryRead(ref Utf8JsonReader json, ReadOnlySpan<byte> binary)
    {
        var request = new RequestFields();
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject) return null;
        var taken = 0;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = json.GetString()!;
            json.Read();
            if (!request.seen.Add(name) || !request.TryReadField(name, ref json, binary, ref taken)) return null;
        }

        // Whatever stands behind the object makes the reader throw here.
        return json.TokenType == JsonTokenType.EndObject && !json.Read() && taken == binary.Length
            && request.Inputs.DistinctBy(input => input.Name).Count() == request.Inputs.Count ? request : null;
    }

    private bool TryReadField(string name, ref Utf8JsonReader json, ReadOnlySpan<byte> binary, ref int taken)
    {
        switch (name)
        {
            case "id":
                Id = json.TokenType == JsonTokenType.String && json.GetString() is { Length: > 0 and <= 128 } id ? id : null;
                return Id is not null;
            case "inputs":
                return TryReadInputs(ref json, binary, ref taken);
            case "outputs":
                return TryReadOutputs(ref json);
            case "parameters":
                return TryReadParameters(ref json);
            default:
                return false;
        }
    }

    private bool TryReadInputs(ref Utf8JsonReader json, ReadOnlySpan<byte> binary, ref int taken)
    {
        if (json.TokenType != JsonTokenType.StartArray) return false;
        while (json.Read() && json.TokenType == JsonTokenType.StartObject)
        {
            if (InputFields.TryRead(ref json, binary, ref taken) is not { } input) return false;
            Inputs.Add(input);
        }

        return json.TokenType == JsonTokenType.EndArray;
    }

    private bool TryReadOutputs(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartArray) return false;
        using var outputs = JsonDocument.ParseValue(ref json);
        foreach (var output in outputs.RootElement.EnumerateArray())
        {
            if (output.ValueKind != JsonValueKind.Object || !TryReadOutput(output)) return false;
        }

        return true;
    }

    private bool TryReadOutput(JsonElement output)
    {
        var form = new RequestedForm("", null, null);
        foreach (var field in output.EnumerateObject())
        {
            if (field.NameEquals("name") && field.Value.ValueKind == JsonValueKind.String) form = form with { Name = field.Value.GetString()! };
            else if (!field.NameEquals("parameters") || field.Value.ValueKind != JsonValueKind.Object) return false;
            else if (WithParameters(form, field.Value) is { } known) form = known;
            else return false;
        }

        Outputs.Add(form);
        return form.Name.Length > 0;
    }

    private static RequestedForm? WithParameters(RequestedForm form, JsonElement parameters)
    {
        foreach (var one in parameters.EnumerateObject())
        {
            if (one.NameEquals("binary_data") && one.Value.ValueKind is JsonValueKind.True or JsonValueKind.False)
                form = form with { IsBinary = one.Value.GetBoolean() };
            else if (one.NameEquals("classification") && one.Value.ValueKind == JsonValueKind.Number && one.Value.TryGetInt32(out var count))
                form = form with { Classification = count };
            else
                return null;
        }

        return form;
    }

    /// <summary>How urgent a request is changes nothing in its answer.</summary>
    private bool TryReadParameters(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartObject) return false;
        using var parameters = JsonDocument.ParseValue(ref json);
        foreach (var one in parameters.RootElement.EnumerateObject())
        {
            if (one.NameEquals("binary_data_output") && one.Value.ValueKind is JsonValueKind.True or JsonValueKind.False) IsBinaryByDefault = one.Value.GetBoolean();
            else if (one.Name is not ("timeout" or "priority") || one.Value.ValueKind != JsonValueKind.Number) return false;
        }

        return true;
    }
}
