using System.Text.Encodings.Web;
using System.Text.Json;

namespace Platform.Worker.Serving;

/// <summary>How every refusal looks: a status and <c>{"error": "…"}</c>.</summary>
internal static class ErrorBody
{
    /// <summary>Quotation marks stay as they are, since clients look for texts such as "input 'image'" in the raw body.</summary>
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Of(string message) => JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["error"] = message }, Json);

    public static Task WriteAsync(HttpContext context, int status, string message)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        var body = Of(message);
        context.Response.ContentLength = body.Length;
        return context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }
}
