using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Platform.AppHost.Tests.EndToEnd;

/// <summary>Every body that any route of /v1 takes, as the platform's own description lists them: each bad field is named.</summary>
public sealed partial class BadFieldTests(SharedPlatform shared)
{
    /// <summary>By the type that they are of.</summary>
    private static readonly Dictionary<string, string> Values = new()
    {
        ["object"] = """{"a":{"b":[1]}}""", ["array"] = "[[[1]]]", ["string"] = "\"\\u0000bad\"", ["number"] = "-1e300", ["boolean"] = "true",
    };

    private readonly HttpClient api = shared.Platform.Api;
    private readonly string model = $"m-{Guid.NewGuid():n}";
    private readonly List<string> wrong = [];
    private JsonElement description;

    [Fact]
    public async Task EveryBody_WithABadField_Is400AndNamesIt()
    {
        await DigitsData.RegisterAsync(api, model, "1.0.0", "1.0.0");
        description = JsonSerializer.Deserialize<JsonElement>(await api.GetStringAsync("/openapi/v1.json"));
        var bodies = 0;
        foreach (var (method, path, schema) in Bodies())
        {
            bodies++;
            foreach (var text in (string[])["{", "[]", "\"x\"", "5"]) await AskAsync(method, path, text, field: null);
            await AskAsync(method, path, """{"no_such_field":1}""", "no_such_field");
            if (!schema.TryGetProperty("properties", out var properties)) continue;
            foreach (var property in properties.EnumerateObject())
            {
                var allowed = TypesOf(Resolved(property.Value));
                // A field that takes anything, as a duration or an enumeration seems to, has rules of its own.
                if (allowed.Length == 0) continue;
                foreach (var (type, value) in Values.Where(value => !allowed.Contains(value.Key) && !(value.Key == "number" && allowed.Contains("integer") && allowed.Contains("string"))))
                    await AskAsync(method, path, $$"""{"{{property.Name}}":{{value}}}""", property.Name);
                foreach (var hollow in (string[])["null", "{}", "[null]", "[{}]"]) await AskWithoutFaultAsync(method, path, $$"""{"{{property.Name}}":{{hollow}}}""");
            }
        }

        Assert.True(bodies > 25, $"Only {bodies} routes with a body are described.");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private IEnumerable<(HttpMethod Method, string Path, JsonElement Schema)> Bodies() =>
        from path in description.GetProperty("paths").EnumerateObject()
        where path.Name.StartsWith("/v1/", StringComparison.Ordinal)
        from operation in path.Value.EnumerateObject()
        where operation.Name is "post" or "put" or "patch" && operation.Value.TryGetProperty("requestBody", out _)
        let contents = operation.Value.GetProperty("requestBody").GetProperty("content")
        where contents.TryGetProperty("application/json", out var json) && json.TryGetProperty("schema", out _)
        select (HttpMethod.Parse(operation.Name), PathFor(path.Name), Resolved(contents.GetProperty("application/json").GetProperty("schema")));

    private string PathFor(string template) => Parameter().Replace(template, match => match.Groups["name"].Value switch
    {
        "model" => model, "version" => "1.0.0", "id" => Guid.NewGuid().ToString("n"), _ => "x1",
    });

    private async Task AskAsync(HttpMethod method, string path, string body, string? field)
    {
        using var request = new HttpRequestMessage(method, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        using var response = await api.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        var named = (int)response.StatusCode == 400 && (field is null || JsonSerializer.Deserialize<JsonElement>(text) is var problem
            && problem.TryGetProperty("errors", out var errors)
            && errors.EnumerateObject().Any(error => error.Name == field || error.Name.StartsWith($"{field}.", StringComparison.Ordinal) || error.Name.StartsWith($"{field}[", StringComparison.Ordinal)));
        if (!named) wrong.Add($"{method} {path} {body}: {(int)response.StatusCode} {text}");
    }

    /// <summary>Something may be wrong with it, but never with the platform.</summary>
    private async Task AskWithoutFaultAsync(HttpMethod method, string path, string body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        using var response = await api.SendAsync(request);
        if ((int)response.StatusCode >= 500) wrong.Add($"{method} {path} {body}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
    }

    private static string[] TypesOf(JsonElement schema) => !schema.TryGetProperty("type", out var type) ? []
        : type.ValueKind is JsonValueKind.Array ? [.. type.EnumerateArray().Select(one => one.GetString()!)] : [type.GetString()!];

    private JsonElement Resolved(JsonElement schema)
    {
        while (true)
        {
            if (schema.TryGetProperty("$ref", out var reference)) schema = description.GetProperty("components").GetProperty("schemas").GetProperty(reference.GetString()!.Split('/')[^1]);
            else if (schema.TryGetProperty("oneOf", out var ways)) schema = ways.EnumerateArray().First(way => !TypesOf(way).SequenceEqual(["null"]));
            else return schema;
        }
    }

    [GeneratedRegex(@"\{(?<name>\w+)\}")]
    private static partial Regex Parameter();
}
