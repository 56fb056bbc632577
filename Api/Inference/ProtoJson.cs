using System.Collections;
using System.Globalization;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Platform.Core;

namespace Platform.Api.Inference;

/// <summary>
/// A message of the gRPC protocol as REST shows it: fields under their own snake_case names, all of them present, and
/// whole numbers as numbers, where protobuf's own JSON would write those of 64 bits as strings.
/// </summary>
internal static class ProtoJson
{
    private static readonly JsonWriterOptions Options = new() { Encoder = PlatformJson.Options.Encoder };

    public static IResult ToResult(IMessage message) => Results.Bytes(Write(json => WriteMessage(json, message)), "application/json");

    public static IResult ToResult(IEnumerable<IMessage> messages) => Results.Bytes(Write(json =>
    {
        json.WriteStartArray();
        foreach (var message in messages) WriteMessage(json, message);
        json.WriteEndArray();
    }), "application/json");

    private static byte[] Write(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Options)) write(json);
        return buffer.ToArray();
    }

    private static void WriteMessage(Utf8JsonWriter json, IMessage message)
    {
        json.WriteStartObject();
        foreach (var field in message.Descriptor.Fields.InFieldNumberOrder())
        {
            var value = field.Accessor.GetValue(message);
            // A message that is not set says something by its absence: which of several kinds it is, as a rule.
            if (value is null || (field.ContainingOneof is not null && !field.Accessor.HasValue(message))) continue;
            json.WritePropertyName(field.Name);
            if (field.IsMap) WriteMap(json, field, (IDictionary)value);
            else if (field.IsRepeated) WriteList(json, field, (IList)value);
            else WriteValue(json, field, value);
        }

        json.WriteEndObject();
    }

    private static void WriteMap(Utf8JsonWriter json, FieldDescriptor field, IDictionary map)
    {
        var valueField = field.MessageType.FindFieldByNumber(2);
        json.WriteStartObject();
        foreach (DictionaryEntry entry in map)
        {
            json.WritePropertyName(Convert.ToString(entry.Key, CultureInfo.InvariantCulture)!);
            WriteValue(json, valueField, entry.Value!);
        }

        json.WriteEndObject();
    }

    private static void WriteList(Utf8JsonWriter json, FieldDescriptor field, IList list)
    {
        json.WriteStartArray();
        foreach (var value in list) WriteValue(json, field, value!);
        json.WriteEndArray();
    }

    private static void WriteValue(Utf8JsonWriter json, FieldDescriptor field, object value)
    {
        switch (value)
        {
            case IMessage message: WriteMessage(json, message); break;
            case string text: json.WriteStringValue(text); break;
            case bool flag: json.WriteBooleanValue(flag); break;
            case int number: json.WriteNumberValue(number); break;
            case uint number: json.WriteNumberValue(number); break;
            case long number: json.WriteNumberValue(number); break;
            case ulong number: json.WriteNumberValue(number); break;
            case Enum: json.WriteStringValue(field.EnumType.FindValueByNumber(Convert.ToInt32(value, CultureInfo.InvariantCulture)).Name); break;
            default: throw new NotSupportedException($"{field.FullName} is of a type that no answer has.");
        }
    }
}
