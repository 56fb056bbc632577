using System.Text.Json;
using System.Text.Json.Serialization;

namespace Platform.Core.Serving;

/// <summary>
/// What answers while no worker can serve the version, in this order: another version, the last remembered answer to
/// equal inputs however old, a fixed answer. In JSON also just the version: <c>"fallback": "stable"</c>.
/// </summary>
/// <param name="Version">A deployed version, or "stable" for the one that the plan's stable route goes to.</param>
/// <param name="Cache">Whether remembered answers count; <c>config.cache</c> must be on for there to be some.</param>
/// <param name="Answer">Outputs as a V2 answer has them: <c>{"outputs":[{"name","datatype","shape","data"}]}</c>, as text.</param>
[JsonConverter(typeof(FallbackConverter))]
public sealed record FallbackConfig(string? Version = null, bool Cache = false, string? Answer = null)
{
    public const string Stable = "stable";
}

internal sealed class FallbackConverter : JsonConverter<FallbackConfig>
{
    public override FallbackConfig Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String) return new(reader.GetString());
        if (reader.TokenType != JsonTokenType.StartObject) throw Malformed();
        using var json = JsonDocument.ParseValue(ref reader);
        var config = new FallbackConfig();
        foreach (var field in json.RootElement.EnumerateObject())
        {
            config = (field.Name, field.Value.ValueKind) switch
            {
                (_, JsonValueKind.Null) => config,
                ("version", JsonValueKind.String) => config with { Version = field.Value.GetString() },
                ("cache", JsonValueKind.True or JsonValueKind.False) => config with { Cache = field.Value.GetBoolean() },
                ("answer", JsonValueKind.Object) => config with { Answer = JsonSerializer.Serialize(field.Value) },
                _ => throw Malformed(),
            };
        }

        return config;
    }

    public override void Write(Utf8JsonWriter writer, FallbackConfig value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        if (value.Version is not null) writer.WriteString("version", value.Version);
        if (value.Cache) writer.WriteBoolean("cache", true);
        if (value.Answer is not null)
        {
            writer.WritePropertyName("answer");
            writer.WriteRawValue(value.Answer);
        }

        writer.WriteEndObject();
    }

    private static JsonException Malformed() =>
        new("Give a version (or \"stable\"), or an object with \"version\", \"cache\": true or \"answer\": {\"outputs\": [...]}.");
}
