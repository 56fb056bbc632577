using System.Net;
using System.Text;
using System.Text.Json;

namespace Platform.Digits;

/// <summary>What the platform answered, read to its end.</summary>
internal sealed record Answer(
    string Call, HttpStatusCode Status, byte[] Body, string? Worker, string? ModelVersion, TimeSpan? RetryAfter)
{
    public bool Succeeded => (int)Status is >= 200 and < 300;

    /// <exception cref="DemoException">The call was refused.</exception>
    public Answer EnsureSuccess(string? meaning = null) => Succeeded ? this : throw new DemoException($"{meaning ?? Call} {Problem}");

    public JsonElement Json => JsonElement.Parse(Body);

    public static async Task<Answer> ReadAsync(HttpResponseMessage response, CancellationToken stop) => new(
        $"{response.RequestMessage?.Method} {response.RequestMessage?.RequestUri?.AbsolutePath} was refused:",
        response.StatusCode,
        await response.Content.ReadAsByteArrayAsync(stop),
        Header(response, "X-Worker-Id"),
        Header(response, "X-Model-Version"),
        response.Headers.RetryAfter?.Delta);

    private string Problem => $"{(int)Status} {Status}{Detail()}";

    /// <summary>ProblemDetails on /v1 have a detail, answers on /v2 an error; anything else is shown as it came.</summary>
    private string Detail()
    {
        var text = Encoding.UTF8.GetString(Body);
        try
        {
            var json = Json;
            if (json.ValueKind is JsonValueKind.Object
                && (json.TryGetProperty("detail", out var value)
                    || json.TryGetProperty("error", out value)
                    || json.TryGetProperty("title", out value)))
            {
                text = value.ToString();
            }
        }
        catch (JsonException)
        {
            return text.Length == 0 ? "." : $": {text}";
        }

        return $": {text}";
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;
}
