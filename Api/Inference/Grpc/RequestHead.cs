using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Google.Protobuf.Collections;
using Platform.Api.Inference.Protocol;

namespace Platform.Api.Inference.Grpc;

/// <summary>The JSON that stands before the tensors, as a REST client would have sent it.</summary>
internal static class RequestHead
{
    private const string Timeout = "timeout";
    private const string BinaryOutput = "binary_data_output";
    private const string BinarySize = "binary_data_size";

    /// <summary>Said by clients of Triton's stream to Triton itself; every other reserved name goes to the worker, which refuses it.</summary>
    private const string EmptyFinalResponse = "triton_enable_empty_final_response";

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <param name="sizes">Bytes of each input's tensor.</param>
    /// <param name="remaining">Until the call's own deadline; null where it has none.</param>
    public static ReadOnlySpan<byte> Write(ModelInferRequest request, List<int> sizes, TimeSpan? remaining)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer, Options);
        json.WriteStartObject();
        if (request.Id.Length > 0) json.WriteString("id", request.Id);
        WriteParameters(json, request, remaining);
        WriteInputs(json, request, sizes);
        WriteOutputs(json, request);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan;
    }

    private static void WriteParameters(Utf8JsonWriter json, ModelInferRequest request, TimeSpan? remaining)
    {
        json.WriteStartObject("parameters");
        foreach (var (name, value) in request.Parameters)
        {
            if (name is not (Timeout or BinaryOutput or EmptyFinalResponse)) Write(json, name, value);
        }

        // The answer's tensors go into raw_output_contents as they are, so all of them are asked for in binary.
        json.WriteBoolean(BinaryOutput, true);
        WriteTimeout(json, request.Parameters.TryGetValue(Timeout, out var timeout) ? timeout : null, remaining);
        json.WriteEndObject();
    }

    /// <summary>Whatever ends first: the call's deadline or the time that the request gives itself.</summary>
    private static void WriteTimeout(Utf8JsonWriter json, InferParameter? asked, TimeSpan? remaining)
    {
        var wanted = asked?.ParameterChoiceCase switch
        {
            null => 0,
            InferParameter.ParameterChoiceOneofCase.Int64Param => asked.Int64Param,
            InferParameter.ParameterChoiceOneofCase.Uint64Param => (long)Math.Min(asked.Uint64Param, long.MaxValue),
            _ => throw new InvalidRequestException("the parameter 'timeout' must be an int64_param: microseconds"),
        };
        var left = remaining is { } time ? Math.Max(1, (long)time.TotalMicroseconds) : long.MaxValue;
        if (wanted <= 0) wanted = wanted < 0 ? wanted : long.MaxValue;
        if (Math.Min(wanted, left) is var timeout and < long.MaxValue) json.WriteNumber(Timeout, timeout);
    }

    private static void WriteInputs(Utf8JsonWriter json, ModelInferRequest request, List<int> sizes)
    {
        json.WriteStartArray("inputs");
        for (var i = 0; i < request.Inputs.Count; i++)
        {
            var input = request.Inputs[i];
            json.WriteStartObject();
            json.WriteString("name", input.Name);
            json.WriteString("datatype", input.Datatype);
            json.WriteStartArray("shape");
            foreach (var dimension in input.Shape) json.WriteNumberValue(dimension);
            json.WriteEndArray();
            json.WriteStartObject("parameters");
            foreach (var (name, value) in input.Parameters)
            {
                if (name != BinarySize) Write(json, name, value);
            }

            json.WriteNumber(BinarySize, sizes[i]);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteOutputs(Utf8JsonWriter json, ModelInferRequest request)
    {
        if (request.Outputs.Count == 0) return;
        json.WriteStartArray("outputs");
        foreach (var output in request.Outputs)
        {
            json.WriteStartObject();
            json.WriteString("name", output.Name);
            WriteOutputParameters(json, output.Parameters);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteOutputParameters(Utf8JsonWriter json, MapField<string, InferParameter> parameters)
    {
        if (parameters.Count == 0) return;
        json.WriteStartObject("parameters");
        foreach (var (name, value) in parameters)
        {
            if (name != "binary_data") Write(json, name, value);
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, InferParameter value)
    {
        switch (value.ParameterChoiceCase)
        {
            case InferParameter.ParameterChoiceOneofCase.BoolParam: json.WriteBoolean(name, value.BoolParam); break;
            case InferParameter.ParameterChoiceOneofCase.Int64Param: json.WriteNumber(name, value.Int64Param); break;
            case InferParameter.ParameterChoiceOneofCase.Uint64Param: json.WriteNumber(name, value.Uint64Param); break;
            case InferParameter.ParameterChoiceOneofCase.StringParam: json.WriteString(name, value.StringParam); break;
            case InferParameter.ParameterChoiceOneofCase.DoubleParam when double.IsFinite(value.DoubleParam): json.WriteNumber(name, value.DoubleParam); break;
            case InferParameter.ParameterChoiceOneofCase.DoubleParam: throw new InvalidRequestException($"the parameter '{name}' is no finite number");
            default: throw new InvalidRequestException($"the parameter '{name}' has no value");
        }
    }
}
